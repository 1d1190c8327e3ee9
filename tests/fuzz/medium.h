/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A block device in memory that stops whoever breaks a rule of tinymx/block.h.
 * One operation can be made to fail.
 */
#ifndef TINYMX_FUZZ_MEDIUM_H
#define TINYMX_FUZZ_MEDIUM_H

#include "tinymx/block.h"

#define MEDIUM_PAGE 512
#define MEDIUM_PAGES 256
#define MEDIUM_SIZE (MEDIUM_PAGES * MEDIUM_PAGE)

/* Operations that one call of a store may need, at the most. */
#define MEDIUM_CALL_MAX 500000u

struct medium_state {
    uint8_t bytes[MEDIUM_SIZE];
    bool written[MEDIUM_SIZE]; /* since they were erased */
};

struct medium {
    struct mx_block block;
    bool read_only;   /* nothing but read() may be called */
    bool trusting;    /* an image that lies may make us program twice */
    unsigned fail_in; /* the how manieth operation from now; 0: none */
    bool fail_late;   /* what fails is done nevertheless */
    bool failed;      /* it did */
    unsigned calls;   /* since medium_call() */
    /* In front of every program. */
    void (*before)(const uint8_t *data);
    struct medium_state now;
};

extern struct medium medium;

/* What it can be: an SD card or a file, two kinds of flash. */
enum medium_kind { MEDIUM_CARD, MEDIUM_NOR, MEDIUM_SECTORS, MEDIUM_KINDS };

/* Another one, with nothing changed of what is in it. */
void medium_insert(enum medium_kind kind);

/* The next call of a store begins. */
void medium_call(void);

#endif
