/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A message's head: what commits it, and two marks behind it.
 *
 *     │ head            │ seen │ gone │
 *      programmed once   once   once
 *
 * Flash cannot be programmed twice, and nobody says what erased flash reads as.
 * So the head has the check sums of its marks as they were when erased: a mark
 * that reads otherwise is set, even if the power went while it was programmed.
 * Where a device programs over what is there, a mark may be anything until it
 * is whole.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

static const char head_magic[4] = {'m', 'a', 'i', 'l'};
static const char mark_magic[2][4] = {{'s', 'e', 'e', 'n'},
                                      {'g', 'o', 'n', 'e'}};

uint32_t spool_head_bytes(uint32_t mark)
{
    return mark <= SPOOL_MARK_MIN * 2
               ? SPOOL_HEAD_LEN
               : (SPOOL_HEAD_LEN + mark - 1) / mark * mark;
}

void spool_set_marks(struct mx_spool *spool, uint32_t mark)
{
    uint32_t bytes = spool_head_bytes(mark) + 2 * mark;

    spool->mark = (uint16_t)mark;
    spool->head_pages = (uint16_t)((bytes + MX_SPOOL_PAGE - 1) / MX_SPOOL_PAGE);
}

uint16_t spool_head_get16(const struct mx_spool *spool, int field)
{
    return le_get16(spool->page + field);
}

uint32_t spool_head_get32(const struct mx_spool *spool, int field)
{
    return le_get32(spool->page + field);
}

/* --- loading ------------------------------------------------------------ */

static uint32_t sum(const struct mx_spool *spool, const uint8_t *head)
{
    return crc32c(spool->secret, head, SPOOL_HEAD_CRC);
}

/* Numbers that point out of the device, or do not go together. The check sum
 * is right, so it was made so. */
static bool is_possible(const struct mx_spool *spool)
{
    uint32_t all = spool->segments * spool->segment_pages;
    uint32_t pages = spool_head_get32(spool, SPOOL_HEAD_PAGES);
    uint32_t size = spool_head_get32(spool, SPOOL_HEAD_SIZE);

    return pages > 0 && pages < all && size <= INT32_MAX &&
           (size + SPOOL_ROOM - 1) / SPOOL_ROOM == pages &&
           spool_head_get32(spool, SPOOL_HEAD_FIRST) < all &&
           spool_head_get32(spool, SPOOL_HEAD_LAST) < all &&
           spool_head_get32(spool, SPOOL_HEAD_ENVELOPE) <= size &&
           spool_head_get32(spool, SPOOL_HEAD_NUMBER) > 0;
}

int spool_head_load(struct mx_spool *spool, uint32_t page, uint32_t seq)
{
    int rc = spool_load(spool, page);

    if (rc != 0) {
        return rc;
    }
    if (memcmp(spool->page, head_magic, sizeof head_magic) != 0 ||
        spool_head_get32(spool, SPOOL_HEAD_SEQ) != seq) {
        return 0;
    }
    return spool_head_get32(spool, SPOOL_HEAD_CRC) == sum(spool, spool->page) &&
                   is_possible(spool)
               ? 1
               : MX_EFORMAT;
}

bool spool_head_is(struct mx_spool *spool, uint32_t page, uint32_t number)
{
    return spool_load(spool, page) == 0 &&
           spool_head_load(spool, page,
                           spool_head_get32(spool, SPOOL_HEAD_SEQ)) == 1 &&
           spool_head_get32(spool, SPOOL_HEAD_NUMBER) == number;
}

/* --- marks -------------------------------------------------------------- */

/* A mark's page, and where it is in that. */
static uint32_t place(const struct mx_spool *spool, uint32_t page,
                      enum spool_mark which, uint32_t *off)
{
    uint32_t at = spool_head_bytes(spool->mark) + (uint32_t)which * spool->mark;

    *off = at % MX_SPOOL_PAGE;
    return page + at / MX_SPOOL_PAGE;
}

static void make_mark(const struct mx_spool *spool, uint8_t *mark,
                      enum spool_mark which, uint32_t number, uint32_t seq)
{
    memcpy(mark, mark_magic[which], sizeof mark_magic[which]);
    le_put32(mark + SPOOL_MARK_NUMBER, number);
    le_put32(mark + SPOOL_MARK_SEQ, seq);
    le_put32(mark + SPOOL_MARK_CRC,
             crc32c(spool->secret, mark, SPOOL_MARK_CRC));
}

bool spool_marked(struct mx_spool *spool, uint32_t page, enum spool_mark which)
{
    uint8_t whole[SPOOL_MARK_LEN];
    uint32_t virgin, off, at;

    if (spool_load(spool, page) != 0) {
        return false;
    }
    virgin = le_get32(spool->page + SPOOL_HEAD_VIRGIN + 4 * which);
    make_mark(spool, whole, which, spool_head_get32(spool, SPOOL_HEAD_NUMBER),
              spool_head_get32(spool, SPOOL_HEAD_SEQ));
    at = place(spool, page, which, &off);
    if (spool_load(spool, at) != 0) {
        return !spool->overwrite;
    }
    return memcmp(spool->page + off, whole, sizeof whole) == 0 ||
           (!spool->overwrite &&
            crc32c(0, spool->page + off, spool->mark) != virgin);
}

static int program_mark(struct mx_spool *spool, uint32_t page,
                        enum spool_mark which, uint32_t number, uint32_t seq)
{
    uint8_t *mark = spool_scratch(spool);
    uint32_t off;
    int rc;

    page = place(spool, page, which, &off);
    memset(mark, 0, spool->mark);
    make_mark(spool, mark, which, number, seq);
    rc = spool_prog(spool, page, off, mark, spool->mark);
    return rc == 0 ? spool_sync(spool) : rc;
}

int spool_mark(struct mx_spool *spool, uint32_t page, enum spool_mark which)
{
    uint32_t number, seq;
    int rc;

    if (spool_marked(spool, page, which)) {
        return 0;
    }
    rc = spool_load(spool, page);
    if (rc != 0) {
        return rc;
    }
    number = spool_head_get32(spool, SPOOL_HEAD_NUMBER);
    seq = spool_head_get32(spool, SPOOL_HEAD_SEQ);
    return program_mark(spool, page, which, number, seq);
}

/* --- the commit --------------------------------------------------------- */

int spool_virgin(struct mx_spool *spool, uint32_t page, uint32_t virgin[2])
{
    virgin[SPOOL_SEEN] = virgin[SPOOL_GONE] = 0;
    if (spool->overwrite) {
        return 0;
    }
    for (int which = SPOOL_SEEN; which <= SPOOL_GONE; which++) {
        uint32_t off;
        int rc =
            spool_load(spool, place(spool, page, (enum spool_mark)which, &off));

        if (rc != 0) {
            return rc;
        }
        virgin[which] = crc32c(0, spool->page + off, spool->mark);
    }
    return 0;
}

/* The sender will be told that it failed, and comes again: what there may be of
 * the head must not count. */
static void take_back(struct mx_spool *spool, uint32_t page, uint32_t seq,
                      const uint8_t *head)
{
    (void)program_mark(spool, page, SPOOL_GONE,
                       le_get32(head + SPOOL_HEAD_NUMBER), seq);
}

int spool_head_write(struct mx_spool *spool, uint32_t page, uint32_t seq,
                     const uint32_t virgin[2], uint8_t *head)
{
    int rc = spool_sync(spool);

    if (rc != 0) {
        return rc;
    }
    memcpy(head, head_magic, sizeof head_magic);
    le_put32(head + SPOOL_HEAD_SEQ, seq);
    le_put32(head + SPOOL_HEAD_VIRGIN, virgin[SPOOL_SEEN]);
    le_put32(head + SPOOL_HEAD_VIRGIN + 4, virgin[SPOOL_GONE]);
    le_put32(head + SPOOL_HEAD_CRC, sum(spool, head));
    rc = spool_prog(spool, page, 0, head, spool_head_bytes(spool->mark));
    if (rc == 0) {
        rc = spool_sync(spool);
    }
    if (rc != 0) {
        take_back(spool, page, seq, head);
    }
    return rc;
}
