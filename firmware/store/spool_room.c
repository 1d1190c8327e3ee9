/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Room. Messages may have what is left of the log's segments when these are
 * taken off: the one that is written, the margin that stays free behind it, and
 * a reserve for messages on the move. While the tail is cleared, a message that
 * was moved is there twice until all its old pages are behind the tail; at any
 * place of the log those of MX_SPOOL_OPEN messages are mixed, and no more. So
 * the reserve is that many of the largest there is, and a segment.
 *
 * Beyond seven eighths nothing is taken: the fuller the log, the more has to be
 * moved for each page that comes.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/log.h"

/* What the envelope of the largest message may take. */
#define TRACE_PAGES 8u

uint32_t spool_pages(const struct mx_spool *spool, uint32_t bytes)
{
    return spool->head_pages + bytes / SPOOL_ROOM + 1;
}

static uint32_t reserve_for(const struct mx_spool *spool, uint32_t largest)
{
    uint32_t usable = spool_usable(spool);
    uint64_t mixed = (uint64_t)largest * MX_SPOOL_OPEN;
    uint64_t segments = 1 + (mixed + usable - 1) / usable;

    return segments < spool->segments ? (uint32_t)segments : spool->segments;
}

uint32_t spool_reserve(const struct mx_spool *spool)
{
    return reserve_for(spool, spool->largest);
}

/* Pages that messages may have when the largest of them has so many. */
static uint32_t limit(const struct mx_spool *spool, uint32_t largest)
{
    uint32_t off = 1 + spool_margin(spool) + reserve_for(spool, largest);
    uint32_t segments = spool->segments - spool->segments / 8;

    if (off >= spool->segments) {
        return 0;
    }
    if (segments > spool->segments - off) {
        segments = spool->segments - off;
    }
    return segments * spool_usable(spool);
}

/* --- what is there ------------------------------------------------------ */

static uint32_t kilobytes(uint32_t pages)
{
    return pages / (1024 / MX_SPOOL_PAGE);
}

static void show(struct mx_spool *spool)
{
    spool->stats.size_kb = kilobytes(limit(spool, spool->largest));
    spool->stats.used_kb = kilobytes(spool->live + spool->open);
}

void spool_count(struct mx_spool *spool, uint32_t pages, bool seen)
{
    pages += spool->head_pages;
    spool->live += pages;
    spool->stats.messages++;
    spool->stats.unseen += !seen;
    if (pages > spool->largest) {
        spool->largest = pages;
    }
    show(spool);
}

void spool_uncount(struct mx_spool *spool, uint32_t pages, bool seen)
{
    pages += spool->head_pages;
    spool->live -= pages;
    spool->stats.messages--;
    spool->stats.unseen -= !seen;
    if (pages == spool->largest) {
        spool->largest_old = true;
    }
    show(spool);
}

/* The largest one may be gone: looks for what is the largest now. */
static void measure(struct mx_spool *spool)
{
    struct spool_walk walk;
    int rc;

    spool->largest = 0;
    spool->largest_old = false;
    for (size_t i = 0; i < MX_SPOOL_OPEN; i++) {
        const struct mx_spool_msg *m = &spool->msg[i];

        if (m->taken && m->promised > spool->largest) {
            spool->largest = m->promised;
        }
    }
    spool_walk_begin(spool, &walk);
    while ((rc = spool_walk_next(spool, &walk)) != 0) {
        uint32_t pages = rc > 0 ? spool_head_get32(spool, SPOOL_HEAD_PAGES) : 0;

        pages += spool->head_pages;
        if (rc > 0 && pages > spool->largest &&
            !spool_marked(spool, walk.page, SPOOL_GONE)) {
            spool->largest = pages;
        }
    }
}

/* --- promises ----------------------------------------------------------- */

static bool fits(const struct mx_spool *spool, uint32_t pages, uint32_t more)
{
    uint32_t largest = pages > spool->largest ? pages : spool->largest;
    uint32_t most = limit(spool, largest);
    uint32_t used = spool->live + spool->open;

    return more <= most && used <= most - more;
}

/* Something goes, as the owner wants it. False: there is nothing to go. */
static bool drop(struct mx_spool *spool)
{
    struct mx_spool_mail mail = {0};

    if (spool->cfg.full == MX_SPOOL_REFUSE || spool->locked) {
        return false;
    }
    while (mx_spool_next(spool, &mail) > 0) {
        if (spool->cfg.full == MX_SPOOL_DROP_SEEN && !mail.seen) {
            continue;
        }
        if (mx_spool_delete(spool, &mail) != 0) {
            return false;
        }
        spool->stats.dropped++;
        log_begin(MX_LOG_WARN, "spool", 0);
        log_text("full", "the oldest goes");
        log_u32("number", mail.number);
        log_end();
        return true;
    }
    return false;
}

int spool_promise(struct mx_spool *spool, uint32_t has, uint32_t more)
{
    uint32_t pages = has + more;

    if (pages > limit(spool, pages)) {
        return MX_E2BIG;
    }
    if (spool->largest_old && !fits(spool, pages, more)) {
        measure(spool);
    }
    while (!fits(spool, pages, more)) {
        if (!drop(spool)) {
            return MX_ENOSPC;
        }
        if (spool->largest_old) {
            measure(spool);
        }
    }
    spool->open += more;
    if (pages > spool->largest) {
        spool->largest = pages;
        spool->largest_old = true; /* it may be aborted */
    }
    show(spool);
    return 0;
}

uint32_t mx_spool_largest(const struct mx_spool *spool)
{
    uint32_t low = 0;
    uint32_t high = spool->segments * spool_usable(spool);

    while (low < high) { /* the more it is, the more is kept free for it */
        uint32_t pages = low + (high - low + 1) / 2;

        if (pages <= limit(spool, pages)) {
            low = pages;
        } else {
            high = pages - 1;
        }
    }
    low -= low < spool->head_pages + 1u ? low : spool->head_pages + 1u;
    return low > TRACE_PAGES ? (low - TRACE_PAGES) * SPOOL_ROOM : 0;
}
