/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A block device in memory that keeps the rules of tinymx/block.h to the letter
 * and makes the most of what they allow. A store that breaks one is stopped.
 *
 *     device_open(&device, &geometries[i], seed);
 *     mx_spool_mount(&spool, &device.block, &config);
 *
 *     struct device_mark mark = device_mark(&device);
 *     device_outage(&device, &operation, TORN_HALF, LOSS_CALLS);
 *     ... the power is back: what is there?
 *     device_go_back(&device, &mark);
 *
 * `before` is called in front of every program, erase and sync: to have the
 * power go in it, and come back to before it, as often as one likes.
 */
#ifndef TINYMX_POWER_DEVICE_H
#define TINYMX_POWER_DEVICE_H

#include "journal.h"

#include "chance.h"
#include "tinymx/block.h"

#define DEVICE_BLOCKS 2048

struct geometry {
    const char *name;
    struct mx_block block;
    uint8_t erased; /* what erased bytes read as */
    bool hint;      /* erase() where it may be NULL: the block turns to noise */
};

/* They end with a name of NULL. */
extern const struct geometry geometries[];

enum byte_state {
    BYTE_ERASED,  /* may be programmed */
    BYTE_WRITTEN, /* may not, until it is erased */
    BYTE_UNSURE,  /* reads as if it were erased, or not; it may be programmed,
                     since who finds it so cannot know */
    BYTE_WAVERS,  /* reads as one of two, now and then as the other */
    BYTE_NOISE,   /* reads differently each time */
    BYTE_UNREADABLE,
};

enum operation_kind { PROGRAM, ERASE, SYNC };

struct operation {
    enum operation_kind kind;
    uint32_t at, len;
    const uint8_t *data;
};

/* What is left of the operation in which the power went. */
enum torn {
    TORN_OLD, /* nothing happened */
    TORN_NEW, /* all of it did */
    TORN_FRONT,
    TORN_BACK, /* of its bytes the last ones, not the first */
    TORN_BITS, /* each bit is the old or the new one */
    TORN_GARBAGE,
    TORN_NOISE,
    TORN_UNREADABLE,
    TORN_WAVERS, /* each time one looks, the old ones or the new ones */
    TORN_WAYS
};

/* What is left of those since the last sync. */
enum loss {
    LOSS_NONE,
    LOSS_ALL,
    LOSS_CALLS, /* of some operations all, of others nothing */
    LOSS_PARTS, /* any parts of any */
    LOSSES
};

extern const char *const torn_names[TORN_WAYS];
extern const char *const loss_names[LOSSES];

struct device_counts {
    uint64_t programs, programmed, erases, syncs, reads, read;
};

struct device {
    struct mx_block block;
    const struct geometry *geometry;
    void (*before)(struct device *dev, const struct operation *op);
    void (*broken)(struct device *dev, const char *rule); /* never returns */

    struct device_counts counts;
    uint32_t wear[DEVICE_BLOCKS]; /* erases, or programs where there are none */
    bool bad[DEVICE_BLOCKS];      /* programs and erases fail, for good */
    unsigned fail_permille;       /* of operations, by chance, */
    unsigned fail_ways;           /* which leave the first of enum torn */
    unsigned fail_in;             /* the how manieth from now; 0: none */

    struct chance chance;
    struct journal journal;
    size_t synced; /* the journal's length at the last sync */
    unsigned marks;
    uint32_t settled[CELLS_MAX]; /* in outage number `outages` */
    uint32_t outages;
    struct cells cells;
};

/* New from the factory: erased; or, where there is no erasing, zeros. */
void device_open(struct device *dev, const struct geometry *geometry,
                 uint64_t seed);
uint32_t device_size(const struct device *dev);

/* The device as a store sees it, in seen.c: itself. A program that tries a driver
 * has another one, with the driver in between. */
struct mx_block *device_seen(struct device *dev);

/* The power goes in `op`, and comes back. */
void device_outage(struct device *dev, const struct operation *op,
                   enum torn torn, enum loss loss);

/* Marks nest; what is marked is gone back to, or forgotten, innermost first. */
struct device_mark {
    size_t journal, synced;
    struct chance chance;
    struct device_counts counts;
};
struct device_mark device_mark(struct device *dev);
void device_go_back(struct device *dev, const struct device_mark *mark);

/* Bits turn where nobody has been. */
void device_rot(struct device *dev, uint32_t at, uint8_t mask);

/* --- for outage.c ------------------------------------------------------- */

/* Does what the operation is there to do, and asks nothing. */
void device_do(struct device *dev, const struct operation *op);

/* Leaves of it what a power cut does. */
void device_tear(struct device *dev, const struct operation *op,
                 enum torn torn);

#endif
