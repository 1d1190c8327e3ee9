/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two slots with the same in them. A change goes into one, which counts from
 * its head on, and is copied into the other then: that removes what was there
 * before, and what rots in one is whole in the other.
 *
 * So two slots that differ, or one that is damaged, are a change in which the
 * power went, and it may have gone in the head, which reads as whole now and
 * will not tomorrow. Nothing of the other slot is touched before that head
 * stands in a second place, too.
 */
#include "identity/store.h"

#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "util/crc32c.h"

#include <string.h>

/* --- sizes ---------------------------------------------------------------- */

size_t mx_idstore_page(const struct mx_block *dev)
{
    uint32_t units = (STORE_HEAD_BYTES + dev->prog_size - 1) / dev->prog_size;

    return (size_t)units * dev->prog_size;
}

uint32_t mx_idstore_blocks(const struct mx_block *dev, size_t chain_max)
{
    size_t slot = STORE_PLACES * mx_idstore_page(dev) +
                  2 * MX_IDENTITY_KEY_DER_MAX + chain_max;

    return 2 * (uint32_t)((slot + dev->block_size - 1) / dev->block_size);
}

/* --- both slots ------------------------------------------------------------- */

static bool same(const struct store_head *a, const struct store_head *b)
{
    return memcmp(a->len, b->len, sizeof a->len) == 0 &&
           memcmp(a->sum, b->sum, sizeof a->sum) == 0;
}

/* Counters may wrap. */
static bool newer(const struct store_head *a, const struct store_head *b)
{
    return a->counter != b->counter && a->counter - b->counter < UINT32_C(1)
                                                                     << 31;
}

static void adopt(struct mx_idstore *store, unsigned slot,
                  const struct store_head *h)
{
    store->slot = (uint8_t)slot;
    store->empty = false;
    store->counter = h->counter;
    memcpy(store->len, h->len, sizeof store->len);
}

/* The other slot gets what this one has, but is behind it: it is the one that
 * the next change clears, also after a mount. Were that to choose the other way
 * round, it would rely on a slot whose erasing was cut off. That it cannot be
 * done is no reason not to go on: the next mount tries again. */
static void mirror(struct mx_idstore *store, struct store_head *h,
                   uint8_t *page)
{
    unsigned other = 1u - store->slot;

    h->counter--;
    if (store_slot_clear(store, other, page) == 0 &&
        store_slot_copy(store, other, h, page) == 0) {
        (void)store_slot_commit(store, other, h, page);
    }
}

/* --- the calls -------------------------------------------------------------- */

static int attach(struct mx_idstore *store, struct mx_block *dev,
                  uint32_t first, uint32_t blocks)
{
    uint32_t half = blocks / 2 < UINT16_MAX ? blocks / 2 : UINT16_MAX;

    *store = (struct mx_idstore){
        .dev = dev,
        .first = first,
        .slot_blocks = (uint16_t)half,
        .empty = true,
    };
    if (first > dev->block_count || blocks > dev->block_count - first) {
        return MX_ENOSPC;
    }
    if (dev->block_size % mx_idstore_page(dev) != 0 ||
        STORE_PLACES * mx_idstore_page(dev) > UINT16_MAX) {
        return MX_ENOTSUP;
    }
    return store_slot_room(store) > 0 ? 0 : MX_ENOSPC;
}

static int look(struct mx_idstore *store, unsigned slot, struct store_head *h,
                uint8_t *page)
{
    int rc = store_slot_head(store, slot, h, page);

    return rc == 0 ? store_slot_check(store, slot, h, page) : rc;
}

static int find(struct mx_idstore *store, uint8_t *page)
{
    struct store_head h[2];
    int rc[2];
    unsigned best;

    for (unsigned i = 0; i < 2; i++) {
        rc[i] = look(store, i, &h[i], page);
        if (rc[i] == MX_ENOTSUP) {
            return rc[i];
        }
    }
    if (rc[0] != 0 && rc[1] != 0) {
        return rc[0] == MX_EIO && rc[1] == MX_EIO ? MX_EIO : 0;
    }
    best = rc[0] != 0 || (rc[1] == 0 && newer(&h[1], &h[0]));
    adopt(store, best, &h[best]);
    if ((rc[0] != 0 || rc[1] != 0 || !same(&h[0], &h[1])) &&
        store_slot_confirm(store, best, &h[best], page) == 0) {
        mirror(store, &h[best], page);
    }
    return 0;
}

int mx_idstore_mount(struct mx_idstore *store, struct mx_block *dev,
                     uint32_t first, uint32_t blocks, void *page)
{
    int rc = attach(store, dev, first, blocks);

    if (rc == 0) {
        rc = find(store, page);
        memset(page, 0, mx_idstore_page(dev));
    }
    return rc;
}

size_t mx_idstore_len(const struct mx_idstore *store, enum mx_id_part part)
{
    return store->len[part];
}

int mx_idstore_read(struct mx_idstore *store, enum mx_id_part part, void *buf,
                    void *page)
{
    struct store_head h;
    int rc;

    if (store->empty || store->len[part] == 0) {
        return 0;
    }
    for (unsigned i = 0; i < 2; i++) {
        rc = store_slot_head(store, (store->slot + i) % 2, &h, page);
        if (rc == 0 && h.counter == store->counter - i &&
            h.len[part] == store->len[part]) {
            rc = store_slot_part(store, (store->slot + i) % 2, &h, part, buf,
                                 page);
        } else if (rc != MX_EIO) {
            rc = MX_EFORMAT;
        }
        if (rc == 0) {
            break;
        }
    }
    memset(page, 0, mx_idstore_page(store->dev));
    return rc;
}

static int sum_up(const struct mx_idstore *store, struct store_head *h,
                  const struct mx_span part[MX_ID_PARTS])
{
    size_t room = store_slot_room(store);

    *h = (struct store_head){.counter = store->counter + 1};
    for (unsigned i = 0; i < MX_ID_PARTS; i++) {
        if (part[i].len > room || part[i].len > UINT16_MAX) {
            return MX_E2BIG;
        }
        room -= part[i].len;
        h->len[i] = (uint16_t)part[i].len;
        h->sum[i] = crc32c(0, part[i].ptr, part[i].len);
    }
    return 0;
}

/* What a change left that failed: as it was, or at least not there. */
static void take_back(struct mx_idstore *store, unsigned slot,
                      struct store_head *h, uint8_t *page)
{
    if (store->empty) {
        (void)store_slot_clear(store, slot, page);
    } else if (store_slot_head(store, store->slot, h, page) == 0) {
        mirror(store, h, page);
    }
}

int mx_idstore_write(struct mx_idstore *store,
                     const struct mx_span part[MX_ID_PARTS], void *page)
{
    unsigned slot = store->empty ? 0 : 1u - store->slot;
    struct store_head h;
    int rc = sum_up(store, &h, part);

    if (rc != 0) {
        return rc;
    }
    rc = store_slot_clear(store, slot, page);
    if (rc == 0) {
        rc = store_slot_fill(store, slot, part, page);
    }
    if (rc == 0) {
        rc = store_slot_commit(store, slot, &h, page);
    }
    if (rc == 0) {
        adopt(store, slot, &h);
        mirror(store, &h, page);
    } else {
        take_back(store, slot, &h, page);
    }
    memset(page, 0, mx_idstore_page(store->dev));
    return rc == 0 ? 0 : MX_EIO;
}
