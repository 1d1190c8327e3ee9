/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One slot: places for a head, and the parts behind them, one after the other.
 * The head is programmed when everything behind it stays, and so is what makes
 * the slot count.
 *
 * A page is the unit of all that is done here. It divides a block.
 */
#include "identity/store.h"

#include "tinymx/err.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

static const char head_magic[8] = {'t', 'm', 'x', 'i', 'd', 'e', 'n', 't'};

/* --- pages ---------------------------------------------------------------- */

static uint32_t page_size(const struct mx_idstore *store)
{
    return (uint32_t)mx_idstore_page(store->dev);
}

static uint32_t begin_of_parts(const struct mx_idstore *store)
{
    return STORE_PLACES * page_size(store);
}

static uint32_t slot_size(const struct mx_idstore *store)
{
    return store->slot_blocks * store->dev->block_size;
}

size_t store_slot_room(const struct mx_idstore *store)
{
    uint32_t size = slot_size(store);
    uint32_t begin = begin_of_parts(store);

    return size > begin ? size - begin : 0;
}

static uint32_t first_block(const struct mx_idstore *store, unsigned slot)
{
    return store->first + slot * store->slot_blocks;
}

/* Once more, since not every error comes back. */
static int load(struct mx_idstore *store, unsigned slot, uint32_t at,
                uint8_t *page)
{
    struct mx_block *dev = store->dev;
    uint32_t block = first_block(store, slot) + at / dev->block_size;
    uint32_t off = at % dev->block_size;

    if (dev->read(dev, block, off, page, page_size(store)) == 0) {
        return 0;
    }
    return dev->read(dev, block, off, page, page_size(store));
}

static int prog(struct mx_idstore *store, unsigned slot, uint32_t at,
                const uint8_t *page)
{
    struct mx_block *dev = store->dev;

    return dev->prog(dev, first_block(store, slot) + at / dev->block_size,
                     at % dev->block_size, page, page_size(store));
}

/* --- the head --------------------------------------------------------------- */

static int parse(const struct mx_idstore *store, const uint8_t *page,
                 struct store_head *h)
{
    if (memcmp(page, head_magic, sizeof head_magic) != 0 ||
        le_get32(page + STORE_HEAD_CRC) != crc32c(0, page, STORE_HEAD_CRC)) {
        return MX_EFORMAT;
    }
    if (le_get16(page + STORE_HEAD_VERSION) != STORE_VERSION ||
        le_get16(page + STORE_HEAD_BEGIN) != begin_of_parts(store)) {
        return MX_ENOTSUP;
    }
    h->counter = le_get32(page + STORE_HEAD_COUNTER);
    for (unsigned i = 0; i < MX_ID_PARTS; i++) {
        h->len[i] = le_get16(page + STORE_HEAD_LEN + 2 * i);
        h->sum[i] = le_get32(page + STORE_HEAD_SUM + 4 * i);
    }
    for (unsigned i = 0; i < STORE_PLACES - 1; i++) {
        h->blank[i] = le_get32(page + STORE_HEAD_BLANK + 4 * i);
    }
    return 0;
}

static void make(const struct mx_idstore *store, const struct store_head *h,
                 uint8_t *page)
{
    memset(page, 0, page_size(store));
    memcpy(page, head_magic, sizeof head_magic);
    le_put16(page + STORE_HEAD_VERSION, STORE_VERSION);
    le_put16(page + STORE_HEAD_BEGIN, (uint16_t)begin_of_parts(store));
    le_put32(page + STORE_HEAD_COUNTER, h->counter);
    for (unsigned i = 0; i < MX_ID_PARTS; i++) {
        le_put16(page + STORE_HEAD_LEN + 2 * i, h->len[i]);
        le_put32(page + STORE_HEAD_SUM + 4 * i, h->sum[i]);
    }
    for (unsigned i = 0; i < STORE_PLACES - 1; i++) {
        le_put32(page + STORE_HEAD_BLANK + 4 * i, h->blank[i]);
    }
    le_put32(page + STORE_HEAD_CRC, crc32c(0, page, STORE_HEAD_CRC));
}

int store_slot_head(struct mx_idstore *store, unsigned slot,
                    struct store_head *h, uint8_t *page)
{
    int first = MX_EFORMAT;

    for (uint32_t i = 0; i < STORE_PLACES; i++) {
        int rc = load(store, slot, i * page_size(store), page);

        if (rc == 0) {
            rc = parse(store, page, h);
        }
        if (rc == 0 || rc == MX_ENOTSUP) {
            return rc;
        }
        first = i == 0 ? rc : first;
    }
    return first;
}

static int prog_head(struct mx_idstore *store, unsigned slot, uint32_t place,
                     const struct store_head *h, uint8_t *page)
{
    int rc;

    make(store, h, page);
    rc = prog(store, slot, place * page_size(store), page);
    return rc == 0 ? store->dev->sync(store->dev) : rc;
}

int store_slot_commit(struct mx_idstore *store, unsigned slot,
                      struct store_head *h, uint8_t *page)
{
    int rc = store->dev->sync(store->dev);

    for (uint32_t i = 1; i < STORE_PLACES && rc == 0; i++) {
        rc = load(store, slot, i * page_size(store), page);
        h->blank[i - 1] = crc32c(0, page, page_size(store));
    }
    if (rc == 0) {
        rc = store_slot_check(store, slot, h, page);
    }
    return rc == 0 ? prog_head(store, slot, 0, h, page) : rc;
}

/* Where a place may be programmed over it need not be blank: what is torn in it
 * is of no use to anybody. */
int store_slot_confirm(struct mx_idstore *store, unsigned slot,
                       const struct store_head *h, uint8_t *page)
{
    for (uint32_t i = 1; i < STORE_PLACES; i++) {
        if ((store->dev->overwrite ||
             (load(store, slot, i * page_size(store), page) == 0 &&
              crc32c(0, page, page_size(store)) == h->blank[i - 1])) &&
            prog_head(store, slot, i, h, page) == 0) {
            return 0;
        }
    }
    return MX_ENOSPC;
}

/* --- the parts -------------------------------------------------------------- */

static uint32_t end_of_parts(const struct mx_idstore *store,
                             const struct store_head *h)
{
    uint32_t end = begin_of_parts(store);

    for (unsigned i = 0; i < MX_ID_PARTS; i++) {
        end += h->len[i];
    }
    return end;
}

int store_slot_part(struct mx_idstore *store, unsigned slot,
                    const struct store_head *h, enum mx_id_part part,
                    uint8_t *buf, uint8_t *page)
{
    uint32_t size = page_size(store);
    uint32_t at = begin_of_parts(store);
    uint32_t crc = 0;
    uint32_t n;

    for (unsigned i = 0; i < part; i++) {
        at += h->len[i];
    }
    for (uint32_t done = 0; done < h->len[part]; done += n, at += n) {
        uint32_t in = at % size;
        int rc = load(store, slot, at - in, page);

        if (rc != 0) {
            return rc;
        }
        n = h->len[part] - done < size - in ? h->len[part] - done : size - in;
        crc = crc32c(crc, page + in, n);
        if (buf != NULL) {
            memcpy(buf + done, page + in, n);
        }
    }
    return crc == h->sum[part] ? 0 : MX_EFORMAT;
}

int store_slot_check(struct mx_idstore *store, unsigned slot,
                     const struct store_head *h, uint8_t *page)
{
    int rc = end_of_parts(store, h) <= slot_size(store) ? 0 : MX_EFORMAT;

    for (unsigned i = 0; i < MX_ID_PARTS && rc == 0; i++) {
        rc = store_slot_part(store, slot, h, (enum mx_id_part)i, NULL, page);
    }
    return rc;
}

/* Zeros, where erasing is only a hint: then nothing else would remove a key. */
int store_slot_clear(struct mx_idstore *store, unsigned slot, uint8_t *page)
{
    struct mx_block *dev = store->dev;
    uint32_t step = dev->overwrite ? page_size(store) : dev->block_size;
    int rc = 0;

    memset(page, 0, page_size(store));
    for (uint32_t at = 0; at < slot_size(store) && rc == 0; at += step) {
        rc = dev->overwrite ? prog(store, slot, at, page)
                            : dev->erase(dev, first_block(store, slot) +
                                                  at / dev->block_size);
    }
    return rc == 0 ? dev->sync(dev) : rc;
}

int store_slot_fill(struct mx_idstore *store, unsigned slot,
                    const struct mx_span part[MX_ID_PARTS], uint8_t *page)
{
    uint32_t size = page_size(store);
    uint32_t at = begin_of_parts(store);
    uint32_t fill = 0;
    int rc = 0;

    for (unsigned i = 0; i < MX_ID_PARTS; i++) {
        for (size_t done = 0; done < part[i].len && rc == 0; done++) {
            page[fill++] = (uint8_t)part[i].ptr[done];
            if (fill == size) {
                rc = prog(store, slot, at, page);
                at += size;
                fill = 0;
            }
        }
    }
    if (rc == 0 && fill > 0) {
        memset(page + fill, 0, size - fill);
        rc = prog(store, slot, at, page);
    }
    return rc;
}

int store_slot_copy(struct mx_idstore *store, unsigned slot,
                    const struct store_head *h, uint8_t *page)
{
    uint32_t end = end_of_parts(store, h);
    uint32_t at = begin_of_parts(store);
    int rc = 0;

    for (; at < end && rc == 0; at += page_size(store)) {
        rc = load(store, 1 - slot, at, page);
        if (rc == 0) {
            rc = prog(store, slot, at, page);
        }
    }
    return rc;
}
