/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the store's files share: one slot, and how it is read and filled.
 * README.md has the picture.
 *
 *     store.c       which slot counts, changes, recovery
 *     store_slot.c  a slot: its head, its parts
 */
#ifndef TINYMX_IDENTITY_STORE_H
#define TINYMX_IDENTITY_STORE_H

#include "tinymx/idstore.h"

#define STORE_VERSION 1
#define STORE_PLACES 4 /* for a head, a page each, in front of the parts */

/* Where things are in a head. */
enum {
    STORE_HEAD_MAGIC = 0, /* "tmxident" */
    STORE_HEAD_VERSION = 8,
    STORE_HEAD_BEGIN = 10, /* of the parts in the slot */
    STORE_HEAD_COUNTER = 12,
    STORE_HEAD_LEN = 16,   /* of each part, */
    STORE_HEAD_SUM = 24,   /* its check sum, */
    STORE_HEAD_BLANK = 36, /* and those of the other places when erased */
    STORE_HEAD_CRC = 60,
    STORE_HEAD_BYTES = 64,
};

struct store_head {
    uint32_t counter;
    uint16_t len[MX_ID_PARTS];
    uint32_t sum[MX_ID_PARTS];
    uint32_t blank[STORE_PLACES - 1];
};

/* The head of a slot: the first of its places that has one. 0; MX_EFORMAT: none
 * has; MX_ENOTSUP: it is not of this version, or for other pages; MX_EIO. */
int store_slot_head(struct mx_idstore *store, unsigned slot,
                    struct store_head *h, uint8_t *page);

/* A part into `buf`, or, where that is NULL, a look at it. 0; MX_EFORMAT: it is
 * not what the head says; MX_EIO. */
int store_slot_part(struct mx_idstore *store, unsigned slot,
                    const struct store_head *h, enum mx_id_part part,
                    uint8_t *buf, uint8_t *page);

/* Are all parts what the head says? As above. */
int store_slot_check(struct mx_idstore *store, unsigned slot,
                     const struct store_head *h, uint8_t *page);

/* Nothing is left of what it held. 0 or MX_EIO. */
int store_slot_clear(struct mx_idstore *store, unsigned slot, uint8_t *page);

/* Programs the parts into a slot that is clear. 0 or MX_EIO. */
int store_slot_fill(struct mx_idstore *store, unsigned slot,
                    const struct mx_span part[MX_ID_PARTS], uint8_t *page);

/* The same, with what the other slot has. 0 or MX_EIO. */
int store_slot_copy(struct mx_idstore *store, unsigned slot,
                    const struct store_head *h, uint8_t *page);

/* From here on the slot counts: makes its parts stay, and looks at them, before
 * there is a head, which then stays too. 0, MX_EFORMAT or MX_EIO. */
int store_slot_commit(struct mx_idstore *store, unsigned slot,
                      struct store_head *h, uint8_t *page);

/* The same head once more, in a place of the slot where none is. 0;
 * MX_ENOSPC: no place is free; MX_EIO. */
int store_slot_confirm(struct mx_idstore *store, unsigned slot,
                       const struct store_head *h, uint8_t *page);

/* Bytes of parts that a slot holds. */
size_t store_slot_room(const struct mx_idstore *store);

#endif
