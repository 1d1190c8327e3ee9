/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a device keeps what it cannot make again: its key, the chain for it, a
 * next key. Two slots on a block device, both with the same in them; a change is
 * written into one and counts from the instant it is whole, so that a power cut
 * leaves the old or the new and never neither. Then it is copied into the other,
 * and nothing is left of what was there before.
 *
 *     first                                              first + blocks
 *     │ slot 0                     │ slot 1                     │
 *     │ head, key, chain, next     │ head, key, chain, next     │
 *
 * The bytes of the format are in firmware/identity/README.md; version 1.
 *
 * Needs a page of RAM for the time of a call only, which the caller lends:
 * mx_idstore_page() bytes.
 */
#ifndef TINYMX_IDSTORE_H
#define TINYMX_IDSTORE_H

#include "tinymx/block.h"
#include "tinymx/mail.h"

/* What is kept, each a text of bytes; length 0: there is none. */
enum mx_id_part {
    MX_ID_KEY,      /* in use; DER */
    MX_ID_CHAIN,    /* for it, leaf first; DER, one behind the other */
    MX_ID_NEXT_KEY, /* made ahead; DER */
    MX_ID_PARTS
};

/* Contents private to firmware/identity. */
struct mx_idstore {
    struct mx_block *dev;
    uint32_t first;       /* block of slot 0 */
    uint16_t slot_blocks; /* of each */
    uint8_t slot;         /* which counts */
    bool empty;           /* none does */
    uint32_t counter;     /* of that one */
    uint16_t len[MX_ID_PARTS];
};

/* Blocks of a device like this that hold two slots with a chain of `chain_max`
 * bytes and two keys. */
uint32_t mx_idstore_blocks(const struct mx_block *dev, size_t chain_max);

/* Bytes of the page that every call wants. */
size_t mx_idstore_page(const struct mx_block *dev);

/* Finds the slot that counts, and ends a change in which the power went. 0, also
 * when no slot counts: then it is empty; MX_ENOSPC: `blocks` are too few, or not
 * on the device; MX_ENOTSUP: of a newer version or for other pages, or a device
 * of which no block is whole pages; MX_EIO: neither slot can be read. With an
 * error it must not be used. */
int mx_idstore_mount(struct mx_idstore *store, struct mx_block *dev,
                     uint32_t first, uint32_t blocks, void *page);

/* Bytes that a part has, 0: there is none. */
size_t mx_idstore_len(const struct mx_idstore *store, enum mx_id_part part);

/* A whole part into `buf`, which holds mx_idstore_len() bytes. 0; MX_EFORMAT: it
 * has rotted in both slots since it was mounted; MX_EIO. */
int mx_idstore_read(struct mx_idstore *store, enum mx_id_part part, void *buf,
                    void *page);

/* All parts at once, in place of all there were; they are durable when it
 * returns 0. MX_E2BIG: no slot holds so much; MX_EIO: what was there before
 * counts still; if the device failed to take back a change that it failed to
 * make, the next mount may find either. The parts are not to be in the page.
 * Nothing else may use the page meanwhile; there is no key in it afterwards. */
int mx_idstore_write(struct mx_idstore *store,
                     const struct mx_span part[MX_ID_PARTS], void *page);

#endif
