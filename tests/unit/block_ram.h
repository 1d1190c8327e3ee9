/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A block device in RAM that keeps the rules of tinymx/block.h, and makes the
 * most of what they allow: the power goes in operation `cut_at`, which leaves
 * its bytes in one of several ways, and of what was not synced some is there
 * and some is not. A store that breaks a rule fails the test.
 */
#ifndef TINYMX_TEST_BLOCK_RAM_H
#define TINYMX_TEST_BLOCK_RAM_H

#include "tinymx/block.h"

#define BLOCK_RAM_MAX (128 * 1024)
#define BLOCK_RAM_UNIT 32 /* of what is kept or lost at once */
#define BLOCK_RAM_UNITS (BLOCK_RAM_MAX / BLOCK_RAM_UNIT)

enum block_ram_state { UNIT_ERASED, UNIT_WRITTEN, UNIT_UNREADABLE };

/* How the operation in which the power went leaves its bytes. */
enum block_ram_torn {
    TORN_OLD,
    TORN_NEW,
    TORN_HALF,
    TORN_NOISE,
    TORN_UNREADABLE,
    TORN_WAYS
};

struct block_ram {
    struct mx_block block;
    unsigned cut_at; /* program, erase or sync, counted from 1; 0: never */
    enum block_ram_torn torn;
    unsigned fail_at;   /* this one says MX_EIO and is not done; 0: none */
    unsigned fail_read; /* the how manieth from now says MX_EIO; 0: none */
    unsigned count;     /* of programs, erases, syncs */
    unsigned erases;
    bool dark; /* the power is off */
    uint32_t seed;
    uint8_t now[BLOCK_RAM_MAX], kept[BLOCK_RAM_MAX];
    uint8_t state[BLOCK_RAM_UNITS], kept_state[BLOCK_RAM_UNITS];
};

/* The geometries the tests run on; they end with a block_size of 0. */
extern const struct mx_block block_ram_geometry[];

/* Full of what was there before: `fill`. */
void block_ram_init(struct block_ram *ram, const struct mx_block *geometry,
                    uint8_t fill);

/* What the test has put into `now` stays, and what reads as 0xff is erased. */
void block_ram_settle(struct block_ram *ram);

/* The power comes back. */
void block_ram_reboot(struct block_ram *ram);

#endif
