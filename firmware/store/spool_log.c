/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The log as a ring of segments. In each, pages of data grow from the front and
 * heads from the back, until they meet:
 *
 *     │ label │ data ─►             ◄─ heads │
 *             front                 back
 *
 * Before a segment is erased, the newest label has to say that the log begins
 * behind it: an erase that is cut off may leave a head and take the mark that
 * says it is gone. So when a segment is opened, the next is free already.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/log.h"

/* --- the ring ----------------------------------------------------------- */

uint32_t spool_after(const struct mx_spool *spool, uint32_t segment)
{
    return segment + 1 < spool->segments ? segment + 1 : 0;
}

uint32_t spool_distance(const struct mx_spool *spool, uint32_t segment)
{
    return (segment + spool->segments - spool->tail) % spool->segments;
}

uint32_t spool_segment(const struct mx_spool *spool, uint32_t page)
{
    return page / spool->segment_pages;
}

uint32_t spool_free(const struct mx_spool *spool)
{
    return spool->segments - 1 - spool_distance(spool, spool->head);
}

uint32_t spool_margin(const struct mx_spool *spool)
{
    uint32_t eighth = spool->segments / 8;

    return eighth < 1 ? 1 : eighth > 4 ? 4 : eighth;
}

uint32_t spool_usable(const struct mx_spool *spool)
{
    return spool->segment_pages - 1 - spool->head_pages;
}

/* Does the newest label say that nothing in it is needed? */
static bool is_given_up(const struct mx_spool *spool, uint32_t segment)
{
    uint32_t n = spool->segments;

    return segment != spool->newest && (segment + n - spool->kept) % n >
                                           (spool->head + n - spool->kept) % n;
}

/* --- the next segment --------------------------------------------------- */

static uint32_t blocks(const struct mx_spool *spool)
{
    return spool->segment_pages / spool_block_pages(spool);
}

static int make_ready(struct mx_spool *spool, uint32_t segment)
{
    int rc = spool->ahead > blocks(spool) ? MX_EIO : 0;

    for (uint32_t b = spool->ahead; rc == 0 && b < blocks(spool); b++) {
        rc = spool_erase(spool, segment, b);
    }
    spool->ahead = 0;
    spool->seq++;
    return rc == 0 ? spool_label_write(spool, segment) : rc;
}

static void go_on(struct mx_spool *spool, uint32_t segment)
{
    spool->head = spool->newest = segment;
    spool->head_seq = spool->seq;
    spool->kept = spool->tail;
    spool->heads = 0;
    spool->front = segment * spool->segment_pages + 1;
    spool->back = (segment + 1) * spool->segment_pages;
}

static void pass_over(struct mx_spool *spool, uint32_t segment)
{
    spool->stats.bad++;
    log_begin(MX_LOG_ERROR, "spool", 0);
    log_text("error", "a segment cannot be used");
    log_u32("segment", segment);
    log_end();
}

void spool_log_weigh(struct mx_spool *spool)
{
    spool->roomy =
        spool_free(spool) >= spool_margin(spool) + spool_reserve(spool);
}

/* A segment that fails is passed over until the next lap. */
int spool_log_open(struct mx_spool *spool, bool moving)
{
    uint32_t spare = moving ? 0 : spool_reserve(spool);
    uint32_t least = 1 + spool_margin(spool) + spare;
    uint32_t free = spool_free(spool);
    uint32_t segment = spool->head;

    if (spool->seq >= UINT32_MAX - free) {
        return MX_ENOSPC; /* somebody made it so: labels would begin at 0 */
    }
    for (; free >= least; free--) {
        segment = spool_after(spool, segment);
        if (!is_given_up(spool, segment)) {
            spool->ahead = 0;
            continue;
        }
        if (make_ready(spool, segment) == 0) {
            go_on(spool, segment);
            spool_log_weigh(spool);
            return 0;
        }
        pass_over(spool, segment);
    }
    return segment == spool->head ? MX_ENOSPC : MX_EIO;
}

bool spool_log_ahead(struct mx_spool *spool)
{
    uint32_t segment = spool_after(spool, spool->head);

    if (spool->dev->overwrite || spool->ahead >= blocks(spool) ||
        !is_given_up(spool, segment)) {
        return false;
    }
    if (spool_erase(spool, segment, spool->ahead++) != 0) {
        spool->ahead = blocks(spool) + 1; /* it is passed over */
        return false;
    }
    return true;
}

/* --- pages and heads of it ---------------------------------------------- */

/* New mail may not use what was opened for a move, for want of room: that has
 * to get on. */
int spool_log_page(struct mx_spool *spool, bool moving, uint32_t *page)
{
    int rc = moving || spool->roomy ? 0 : MX_ENOSPC;

    if (rc == 0 && spool->front == spool->back) {
        rc = spool_log_open(spool, moving);
    }
    if (rc != 0) {
        return rc;
    }
    *page = spool->front++;
    return 0;
}

int spool_log_head(struct mx_spool *spool, bool moving, uint32_t *page)
{
    int rc = moving || spool->roomy ? 0 : MX_ENOSPC;

    if (rc == 0 && spool->back - spool->front < spool->head_pages) {
        rc = spool_log_open(spool, moving);
    }
    if (rc != 0) {
        return rc;
    }
    spool->back -= spool->head_pages;
    spool->heads++;
    *page = spool->back;
    return 0;
}

void spool_log_return(struct mx_spool *spool, uint32_t page, uint32_t seq)
{
    if (page == spool->back && seq == spool->head_seq) {
        spool->back += spool->head_pages;
        spool->heads--;
    }
}
