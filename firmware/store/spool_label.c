/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Labels. Each begins a segment and says of what form the log is, and what was
 * known when the segment was opened. The one with the highest number is the
 * newest: nothing else says where the log is.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

static const char label_magic[8] = {'t', 'm', 'x', 's', 'p', 'o', 'o', 'l'};

/* --- one label ------------------------------------------------------------- */

static void parse(struct spool_label *label, const uint8_t *page)
{
    *label = (struct spool_label){
        .version = le_get16(page + SPOOL_LABEL_VERSION),
        .flags = le_get16(page + SPOOL_LABEL_FLAGS),
        .id = le_get32(page + SPOOL_LABEL_ID),
        .secret = le_get32(page + SPOOL_LABEL_SECRET),
        .seq = le_get32(page + SPOOL_LABEL_SEQ),
        .segment_pages = le_get32(page + SPOOL_LABEL_PAGES),
        .segments = le_get32(page + SPOOL_LABEL_SEGMENTS),
        .mark = le_get32(page + SPOOL_LABEL_MARK),
        .tail = le_get32(page + SPOOL_LABEL_TAIL),
        .number = le_get32(page + SPOOL_LABEL_NUMBER),
        .serial = le_get32(page + SPOOL_LABEL_SERIAL),
        .before = le_get32(page + SPOOL_LABEL_BEFORE),
        .before_seq = le_get32(page + SPOOL_LABEL_BEFORE_SEQ),
        .before_heads = le_get32(page + SPOOL_LABEL_BEFORE_HEADS),
    };
}

int spool_label_read(struct mx_spool *spool, uint32_t page,
                     struct spool_label *label)
{
    int rc = spool_load(spool, page);

    if (rc != 0) {
        return rc;
    }
    parse(label, spool->page);
    if (memcmp(spool->page, label_magic, sizeof label_magic) != 0 ||
        le_get32(spool->page + SPOOL_LABEL_CRC) !=
            crc32c(0, spool->page, SPOOL_LABEL_CRC)) {
        return MX_EFORMAT;
    }
    return 0;
}

/* Could a log of this form be on this device? */
static bool fits(const struct mx_spool *spool, uint32_t page,
                 const struct spool_label *label)
{
    uint64_t all = (uint64_t)label->segments * label->segment_pages;

    return label->segments >= SPOOL_SEGMENTS_MIN &&
           label->segments <= SPOOL_SEGMENTS_MAX &&
           label->segment_pages >= SPOOL_SEGMENT_MIN / MX_SPOOL_PAGE &&
           label->segment_pages % spool_block_pages(spool) == 0 &&
           all < SPOOL_NONE && all <= spool_device_pages(spool) &&
           page % label->segment_pages == 0 && label->mark >= SPOOL_MARK_MIN &&
           label->mark <= MX_SPOOL_PAGE &&
           (label->mark & (label->mark - 1)) == 0 &&
           label->tail < label->segments && label->before < label->segments &&
           label->before_seq < label->seq;
}

int spool_label_of(struct mx_spool *spool, uint32_t segment,
                   struct spool_label *label)
{
    uint32_t page = segment * spool->segment_pages;
    int rc = spool_label_read(spool, page, label);

    if (rc == 0 && (label->id != spool->id || !fits(spool, page, label))) {
        rc = MX_EFORMAT;
    }
    return rc;
}

static void make_label(struct mx_spool *spool, uint8_t *page)
{
    memset(page, 0, MX_SPOOL_PAGE);
    memcpy(page, label_magic, sizeof label_magic);
    le_put16(page + SPOOL_LABEL_VERSION, SPOOL_VERSION);
    le_put16(page + SPOOL_LABEL_FLAGS,
             spool->overwrite ? SPOOL_LABEL_OVERWRITE : 0);
    le_put32(page + SPOOL_LABEL_ID, spool->id);
    le_put32(page + SPOOL_LABEL_SECRET, spool->secret);
    le_put32(page + SPOOL_LABEL_SEQ, spool->seq);
    le_put32(page + SPOOL_LABEL_PAGES, spool->segment_pages);
    le_put32(page + SPOOL_LABEL_SEGMENTS, spool->segments);
    le_put32(page + SPOOL_LABEL_MARK, spool->mark);
    le_put32(page + SPOOL_LABEL_TAIL, spool->tail);
    le_put32(page + SPOOL_LABEL_NUMBER, spool->number);
    le_put32(page + SPOOL_LABEL_SERIAL, spool->serial);
    le_put32(page + SPOOL_LABEL_BEFORE, spool->head);
    le_put32(page + SPOOL_LABEL_BEFORE_SEQ, spool->head_seq);
    le_put32(page + SPOOL_LABEL_BEFORE_HEADS, spool->heads);
    le_put32(page + SPOOL_LABEL_CRC, crc32c(0, page, SPOOL_LABEL_CRC));
}

int spool_label_write(struct mx_spool *spool, uint32_t segment)
{
    uint8_t *page = spool_scratch(spool);
    int rc;

    make_label(spool, page);
    rc = spool_prog(spool, segment * spool->segment_pages, 0, page,
                    MX_SPOOL_PAGE);
    return rc == 0 ? spool_sync(spool) : rc;
}

/* --- the newest label --------------------------------------------------- */

bool spool_can_write(const struct mx_spool *spool,
                     const struct spool_label *label)
{
    bool overwrite = (label->flags & SPOOL_LABEL_OVERWRITE) != 0;

    return label->mark % spool->dev->prog_size == 0 &&
           overwrite == spool->dev->overwrite;
}

static uint64_t next_probe(const struct mx_spool *spool, uint64_t page)
{
    return page == 0 ? spool_block_pages(spool) : page * 2;
}

int spool_forget(struct mx_spool *spool)
{
    uint64_t all = spool_own_pages(spool);
    struct spool_label label;
    int rc = 0;

    spool->segment_pages = spool_block_pages(spool);
    for (uint64_t page = 0; rc == 0 && page < all && page < SPOOL_NONE;
         page = next_probe(spool, page)) {
        if (spool_label_read(spool, (uint32_t)page, &label) != 0) {
            continue;
        }
        if (spool->dev->overwrite) {
            memset(spool_scratch(spool), 0, MX_SPOOL_PAGE);
            rc = spool_prog(spool, (uint32_t)page, 0, spool->page,
                            MX_SPOOL_PAGE);
        } else {
            rc = spool_erase(spool, (uint32_t)page / spool->segment_pages, 0);
        }
    }
    return rc == 0 ? spool_sync(spool) : rc;
}

/* Any label: where the first segments would begin, whatever their size. */
int spool_probe(struct mx_spool *spool, struct spool_label *label)
{
    uint64_t all = spool_device_pages(spool);
    uint64_t page = 0;
    int first = MX_EFORMAT;

    while (page < all && page < SPOOL_NONE) {
        int rc = spool_label_read(spool, (uint32_t)page, label);

        if (rc == 0 && label->version != SPOOL_VERSION) {
            return MX_ENOTSUP;
        }
        if (rc == 0 && fits(spool, (uint32_t)page, label)) {
            return (uint64_t)label->segments * label->segment_pages <=
                           spool_own_pages(spool)
                       ? 0
                       : MX_ENOSPC;
        }
        first = rc == MX_EIO && page == 0 ? rc : first;
        page = next_probe(spool, page);
    }
    return first;
}

static void take_over(struct mx_spool *spool, const struct spool_label *label,
                      uint32_t segment)
{
    spool->id = label->id;
    spool->secret = label->secret;
    spool->newest = spool->head = segment;
    spool->seq = spool->head_seq = label->seq;
    spool->kept = spool->tail = label->tail;
    spool->number = label->number;
    spool->serial = label->serial;
    spool->overwrite = (label->flags & SPOOL_LABEL_OVERWRITE) != 0;
}

/* All labels of this form; the one with the highest number. */
int spool_find_newest(struct mx_spool *spool, const struct spool_label *form)
{
    struct spool_label label;

    spool->segment_pages = form->segment_pages;
    spool->segments = form->segments;
    spool_set_marks(spool, form->mark);
    for (uint32_t i = 0; i < spool->segments; i++) {
        uint32_t page = i * spool->segment_pages;

        if (spool_label_read(spool, page, &label) == 0 &&
            fits(spool, page, &label) && label.version == SPOOL_VERSION &&
            label.segment_pages == form->segment_pages &&
            label.segments == form->segments && label.mark == form->mark &&
            label.seq > spool->seq) {
            take_over(spool, &label, i);
        }
    }
    return spool->seq > 0 ? 0 : MX_EFORMAT;
}
