/* SPDX-License-Identifier: BSD-3-Clause */
/* A message of which every byte, and every field of the envelope, follows from
 * a few numbers, so that it need not be kept to be compared. */
#ifndef TINYMX_POWER_LETTER_H
#define TINYMX_POWER_LETTER_H

#include "chance.h"
#include "tinymx/mail.h"

#define LETTER_MAX (512 * 1024)
#define LETTER_RCPTS 3

enum letter_kind {
    LETTER_NOISE,
    LETTER_ZEROS, /* what is erased on some devices, */
    LETTER_ONES,  /* and on others */
    LETTER_ECHO,  /* pages of the device itself, as they were once */
    LETTER_KINDS
};

struct letter {
    uint32_t id;   /* 1, 2, ... in the order in which they are opened */
    uint32_t size; /* of the body */
    uint8_t kind, rcpts;
    uint8_t heard; /* pages that there were to echo */
};

/* The id is in there, as the time: all others are made from it. */
struct mx_envelope letter_envelope(const struct letter *letter);
uint32_t letter_id(int64_t time_s);

/* Good until the next call. */
const char *letter_from(const struct letter *letter);
const char *letter_rcpt(const struct letter *letter, unsigned i);

/* How many bytes the envelope has in front of the body. */
uint32_t letter_front(const struct letter *letter);
/* All of it, front and body. Good until the next call. */
const uint8_t *letter_data(const struct letter *letter);

unsigned letter_heard(void);
/* All of a run before is forgotten. */
void letter_open(void);
/* What is lent from now on does not touch what was lent in worlds that had fewer
 * power cuts. */
void letter_shelf(unsigned depth);

/* A page that LETTER_ECHO can have from now on. */
void letter_hear(struct chance *chance, const uint8_t page[512]);

#endif
