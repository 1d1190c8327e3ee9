/* SPDX-License-Identifier: BSD-3-Clause */
#include "damage.h"

#include "store/spool.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

#define SEGMENT (SPOOL_SEGMENT_MIN / MEDIUM_PAGE) /* pages, of all kinds */

static uint8_t *page_at(uint32_t page)
{
    return medium.now.bytes + (size_t)page * MEDIUM_PAGE;
}

/* --- changes ------------------------------------------------------------ */

enum change {
    CHANGE_BITS,   /* of a byte in the first half: its place, which */
    CHANGE_BITS_2, /* in the second half */
    CHANGE_COPY,   /* from another page */
    CHANGE_FILL,   /* with one byte */
    CHANGE_NUMBER, /* at a place in words, becomes small, or nearly the most */
    CHANGES
};

static void copy(uint8_t *page, uint8_t from)
{
    memmove(page, page_at(from), MEDIUM_PAGE);
}

static void set_number(uint8_t *page, uint8_t at, uint8_t value)
{
    uint32_t number = value < 128 ? value : value - 256u;

    le_put(page + at % (MEDIUM_PAGE / 4) * 4, 4, number);
}

struct damage damage_do(struct fuzz_in *in)
{
    struct damage damage = {0};

    for (unsigned left = fuzz_u8(in); left > 0 && in->left >= 4; left--) {
        uint8_t what = fuzz_u8(in) % CHANGES, number = fuzz_u8(in);
        uint8_t a = fuzz_u8(in), b = fuzz_u8(in);
        uint8_t *page = page_at(number);

        damage.any = damage.touched[number] = true;
        damage.lies |= what != CHANGE_BITS && what != CHANGE_BITS_2;
        if (what == CHANGE_BITS || what == CHANGE_BITS_2) {
            page[a + what * 256] ^= b;
        } else if (what == CHANGE_COPY) {
            copy(page, a);
        } else if (what == CHANGE_FILL) {
            memset(page, a, MEDIUM_PAGE);
        } else {
            set_number(page, a, b);
        }
    }
    return damage;
}

/* --- check sums --------------------------------------------------------- */

static bool is_label(const uint8_t *page)
{
    return memcmp(page, "tmxspool", 8) == 0;
}

static bool is_head(const uint8_t *page)
{
    return memcmp(page, "mail", 4) == 0;
}

/* Not one of an earlier lap: its pages are others' by now. */
static bool is_present(uint32_t page)
{
    return le_get32(page_at(page) + SPOOL_HEAD_SEQ) ==
           le_get32(page_at(page / SEGMENT * SEGMENT) + SPOOL_LABEL_SEQ);
}

static void put_sum(uint8_t *page, int at, uint32_t seed)
{
    le_put(page + at, 4, crc32c(seed, page, (size_t)at));
}

/* Of the first label there is. */
static uint32_t find_secret(void)
{
    for (uint32_t i = 0; i < MEDIUM_PAGES; i++) {
        if (is_label(page_at(i))) {
            return le_get32(page_at(i) + SPOOL_LABEL_SECRET);
        }
    }
    return 0;
}

/* Along the links, as far as they go. */
static void seal_data(uint8_t *head, uint32_t secret)
{
    uint32_t crc = crc32c(secret, head + SPOOL_HEAD_NUMBER, 4);
    uint32_t number = le_get32(head + SPOOL_HEAD_FIRST);
    uint32_t left = le_get32(head + SPOOL_HEAD_PAGES);

    for (; left > 0 && left < MEDIUM_PAGES && number < MEDIUM_PAGES; left--) {
        uint8_t *page = page_at(number);

        crc = crc32c(crc, page + SPOOL_PAGE_DATA, SPOOL_ROOM);
        le_put(page + SPOOL_PAGE_CRC, 4, crc);
        number = le_get32(page + SPOOL_PAGE_NEXT);
    }
    le_put(head + SPOOL_HEAD_END, 4, crc);
}

void damage_seal(unsigned seals)
{
    uint32_t secret = find_secret();

    for (uint32_t i = 0; i < MEDIUM_PAGES; i++) {
        uint8_t *page = page_at(i);

        if (is_label(page) && (seals & SEAL_LABELS) != 0) {
            put_sum(page, SPOOL_LABEL_CRC, 0);
        }
        if (is_head(page) && is_present(i) && (seals & SEAL_DATA) != 0) {
            seal_data(page, secret);
        }
        if (is_head(page) && (seals & SEAL_HEADS) != 0) {
            put_sum(page, SPOOL_HEAD_CRC, secret);
        }
    }
}
