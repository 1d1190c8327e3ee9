/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Room. Messages may have what is left of the log's segments when these are
 * taken off: the one that is written, the margin that stays free behind it, and
 * a reserve for messages on the move. While the tail is cleared, a message that
 * was moved is there twice until all its old pages are behind the tail; those
 * are messages that lie mixed, which were written together. So the reserve is
 * the most pages of messages that were, and a segment.
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

static uint32_t reserve_for(const struct mx_spool *spool, uint32_t mixed)
{
    uint32_t usable = spool_usable(spool);

    return 1 + mixed / usable + (mixed % usable > 0);
}

uint32_t spool_reserve(const struct mx_spool *spool)
{
    return reserve_for(spool, spool->mixed);
}

/* Pages that messages may have when so many lie mixed. */
static uint32_t limit(const struct mx_spool *spool, uint32_t mixed)
{
    uint32_t off = 1 + spool_margin(spool) + reserve_for(spool, mixed);
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

void spool_show(struct mx_spool *spool)
{
    uint32_t used = spool->live + spool->open;
    uint32_t most = limit(spool, spool->mixed);

    /* A move may take away what messages have already. */
    spool->stats.size_kb = kilobytes(most > used ? most : used);
    spool->stats.used_kb = kilobytes(used);
}

void spool_count(struct mx_spool *spool, uint32_t pages, bool seen)
{
    pages += spool->head_pages;
    spool->live += pages;
    spool->stats.messages++;
    spool->stats.unseen += !seen;
    spool_show(spool);
}

void spool_uncount(struct mx_spool *spool, uint32_t pages, bool seen)
{
    pages += spool->head_pages;
    if (spool->stats.messages == 0 || spool->live < pages) {
        return; /* it reads as a head now and then: the mount did not see it */
    }
    spool->live -= pages;
    spool->stats.messages--;
    spool->stats.unseen -= !seen && spool->stats.unseen > 0;
    spool->mixed_old = true;
    spool_show(spool);
}

/* --- mixed -------------------------------------------------------------- */

/* Where a page is in the log. */
static uint32_t position(const struct mx_spool *spool, uint32_t page)
{
    return spool_distance(spool, spool_segment(spool, page)) *
               spool->segment_pages +
           page % spool->segment_pages;
}

void spool_mix_add(struct mx_spool *spool, struct spool_mix *mix)
{
    const size_t count = sizeof mix->at / sizeof *mix->at;
    uint32_t first = position(spool, spool_head_get32(spool, SPOOL_HEAD_FIRST));
    uint32_t last = position(spool, spool_head_get32(spool, SPOOL_HEAD_LAST));
    uint32_t sum =
        spool_head_get32(spool, SPOOL_HEAD_PAGES) + spool->head_pages;
    size_t place = 0;

    for (size_t i = 0; i < count; i++) {
        if (mix->at[i].last < first) {
            mix->at[i].pages = 0;
        }
        place = mix->at[i].pages == 0 ? i : place;
    }
    /* There is a place, or somebody made this up: then they are one. */
    mix->at[place].pages += sum;
    if (mix->at[place].last < last) {
        mix->at[place].last = last;
    }
    sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += mix->at[i].pages;
    }
    mix->peak = sum > mix->peak ? sum : mix->peak;
}

void spool_mix_now(struct mx_spool *spool)
{
    uint32_t sum = spool->open + (spool->move.copying ? spool->move.pages : 0);

    if (sum > spool->mixed) {
        spool->mixed = sum;
        spool->mixed_old = true; /* it may be less in the end */
        spool_log_weigh(spool);
    }
}

/* What was mixed may be gone. */
static void measure(struct mx_spool *spool)
{
    struct spool_mix mix = {0};
    struct spool_walk walk;
    int rc;

    spool_walk_begin(spool, &walk);
    while ((rc = spool_walk_next(spool, &walk)) != 0) {
        if (rc > 0 && !spool_marked(spool, walk.page, SPOOL_GONE) &&
            spool_load(spool, walk.page) == 0) {
            spool_mix_add(spool, &mix);
        }
    }
    spool->mixed = mix.peak;
    spool_log_weigh(spool);
    spool_mix_now(spool);
    spool->mixed_old = false;
}

/* --- promises ----------------------------------------------------------- */

static bool fits(const struct mx_spool *spool, uint32_t more)
{
    uint32_t mixed = spool->open + more;
    uint32_t used = spool->live + spool->open;
    uint32_t most = limit(spool, mixed > spool->mixed ? mixed : spool->mixed);

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
    while (!fits(spool, more)) {
        if (spool->mixed_old) {
            measure(spool);
        } else if (!drop(spool)) {
            return MX_ENOSPC;
        }
    }
    spool->open += more;
    spool_mix_now(spool);
    spool_show(spool);
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
