/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Clearing the log's tail. What lives in its first segment is copied to the
 * log's head, some pages a call: the new head commits the copy, and then the
 * old one is marked as gone. If the power goes between the two, the mount does
 * the second. No page changes but for the link in it, so the check sums go on.
 *
 * The tail's segment has only data of messages that have their head in it too:
 * what began before it was moved before it.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/le.h"
#include "util/log.h"

/* Pages that are copied in one call, */
#define TURN 8
/* or heads that are looked at. */
#define LOOK 64
/* Attempts at one message, each at other places. */
#define TRIES 4

/* --- one message -------------------------------------------------------- */

static int leave(struct mx_spool *spool, int rc)
{
    spool_log_return(spool, spool->move.head, spool->move.head_seq);
    spool->move.copying = false;
    return rc;
}

/* Once more, from the beginning. */
static int again(struct mx_spool *spool)
{
    if (++spool->move.tries < TRIES) {
        return leave(spool, MX_EAGAIN);
    }
    spool->move.tries = 0;
    return leave(spool, MX_EIO);
}

static int begin(struct mx_spool *spool, uint32_t source)
{
    struct mx_spool_move *move = &spool->move;
    int rc;

    move->source = source;
    move->from = spool_head_get32(spool, SPOOL_HEAD_FIRST);
    move->pages = spool_head_get32(spool, SPOOL_HEAD_PAGES);
    move->left = move->pages;
    move->end = spool_head_get32(spool, SPOOL_HEAD_END);
    move->crc = spool_seed(spool, spool_head_get32(spool, SPOOL_HEAD_NUMBER));
    rc = spool_log_head(spool, true, &move->head);
    if (rc != 0) {
        return rc;
    }
    move->head_seq = spool->head_seq;
    rc = spool_log_page(spool, true, &move->first);
    if (rc != 0) {
        return leave(spool, rc);
    }
    move->here = move->first;
    move->copying = true;
    spool_mix_now(spool);
    return MX_EAGAIN;
}

/* Its data is not what it was: nobody can be given it any more. */
static int lose(struct mx_spool *spool)
{
    uint32_t page = spool->move.source;
    uint32_t pages, number;
    bool seen = spool_marked(spool, page, SPOOL_SEEN);

    leave(spool, 0);
    spool->move.slot++;
    if (spool_load(spool, page) != 0) {
        return MX_EAGAIN;
    }
    pages = spool_head_get32(spool, SPOOL_HEAD_PAGES);
    number = spool_head_get32(spool, SPOOL_HEAD_NUMBER);
    seen |= (spool_head_get16(spool, SPOOL_HEAD_FLAGS) & SPOOL_F_SEEN) != 0;
    (void)spool_mark(spool, page, SPOOL_GONE);
    spool_uncount(spool, pages, seen);
    spool->stats.lost++;
    log_begin(MX_LOG_ERROR, "spool", 0);
    log_text("error", "a message is damaged, and lost");
    log_u32("number", number);
    log_end();
    return MX_EAGAIN;
}

/* The new head, made of the old one. */
static void make_head(struct mx_spool *spool, bool seen)
{
    const struct mx_spool_move *move = &spool->move;
    uint8_t *head = spool_scratch(spool);
    uint32_t age = le_get32(head + SPOOL_HEAD_AGE) + 1;

    for (size_t i = SPOOL_HEAD_LEN; i < MX_SPOOL_PAGE; i++) {
        head[i] = 0; /* marks */
    }
    if (seen) {
        le_put16(head + SPOOL_HEAD_FLAGS,
                 (uint16_t)(le_get16(head + SPOOL_HEAD_FLAGS) | SPOOL_F_SEEN));
    }
    le_put32(head + SPOOL_HEAD_SOURCE, move->source);
    le_put32(head + SPOOL_HEAD_SOURCE_SEQ, le_get32(head + SPOOL_HEAD_SEQ));
    le_put32(head + SPOOL_HEAD_AGE, age);
    le_put32(head + SPOOL_HEAD_FIRST, move->first);
    le_put32(head + SPOOL_HEAD_LAST, move->here);
    spool->age = age > spool->age ? age : spool->age;
}

static int commit(struct mx_spool *spool)
{
    struct mx_spool_move *move = &spool->move;
    uint32_t virgin[2];
    bool seen;
    int rc = spool_virgin(spool, move->head, virgin);

    if (rc != 0) {
        return again(spool);
    }
    seen = spool_marked(spool, move->source, SPOOL_SEEN);
    if (spool_load(spool, move->source) != 0) {
        return again(spool);
    }
    make_head(spool, seen);
    rc = spool_head_write(spool, move->head, move->head_seq, virgin,
                          spool->page);
    if (rc != 0) {
        move->head = SPOOL_NONE; /* it was programmed, as far as we know */
        return again(spool);
    }
    spool->epoch++;
    spool->stats.moved++;
    (void)spool_mark(spool, move->source, SPOOL_GONE);
    move->copying = false;
    move->tries = 0;
    move->slot++;
    return MX_EAGAIN;
}

/* One page: 0; or an error, and `*from` says if it is the source's. */
static int copy_page(struct mx_spool *spool, bool *from)
{
    struct mx_spool_move *move = &spool->move;
    uint32_t next = SPOOL_NONE;
    uint32_t old_next;
    uint8_t *page;
    int rc = move->left > 1 ? spool_log_page(spool, true, &next) : 0;

    *from = false;
    if (rc != 0) {
        return rc;
    }
    *from = true;
    rc = spool_data_load(spool, move->from, move->crc);
    if (rc != 0) {
        return rc;
    }
    page = spool_scratch(spool);
    move->crc = le_get32(page + SPOOL_PAGE_CRC);
    old_next = le_get32(page + SPOOL_PAGE_NEXT);
    if (move->left == 1 && move->crc != move->end) {
        return MX_EFORMAT;
    }
    *from = false;
    le_put32(page + SPOOL_PAGE_NEXT, next);
    rc = spool_prog(spool, move->here, 0, page, MX_SPOOL_PAGE);
    if (rc == 0 && --move->left > 0) {
        move->here = next;
        move->from = old_next;
    }
    return rc;
}

static int copy(struct mx_spool *spool)
{
    struct mx_spool_move *move = &spool->move;

    if (spool_marked(spool, move->source, SPOOL_GONE)) {
        return leave(spool, MX_EAGAIN);
    }
    for (int n = 0; n < TURN && move->left > 0; n++) {
        bool from;
        int rc = copy_page(spool, &from);

        if (rc == MX_ENOSPC) {
            return leave(spool, rc);
        }
        if (from && rc != 0) {
            return rc == MX_EIO && move->tries + 1 < TRIES ? again(spool)
                                                           : lose(spool);
        }
        if (rc != 0) {
            return again(spool);
        }
    }
    return move->left == 0 ? commit(spool) : MX_EAGAIN;
}

/* --- the segment -------------------------------------------------------- */

static int next_segment(struct mx_spool *spool)
{
    spool->tail = spool_after(spool, spool->tail);
    spool->epoch++;
    spool_log_weigh(spool);
    spool->move.slot = 0;
    if (++spool->move.cleared > 2 * spool->segments) {
        spool->move.cleared = 0; /* round and round: nothing is gained */
        return MX_ENOSPC;
    }
    return MX_EAGAIN;
}

/* The next message in the tail's segment; or none, and it is free. */
static int look(struct mx_spool *spool)
{
    struct mx_spool_move *move = &spool->move;
    uint32_t end = (spool->tail + 1) * spool->segment_pages;
    uint32_t seq = 0, last = 0;
    uint32_t slots = spool_heads_of(spool, spool->tail, &seq, &last);

    for (int n = 0; move->slot < slots; n++) {
        uint32_t page = end - (move->slot + 1) * spool->head_pages;

        if (spool_head_of(spool, page, seq, last) == 1 &&
            !spool_marked(spool, page, SPOOL_GONE) &&
            spool_head_of(spool, page, seq, last) == 1) {
            return begin(spool, page);
        }
        if (n == LOOK) {
            return MX_EAGAIN;
        }
        move->slot++;
    }
    return next_segment(spool);
}

int spool_move(struct mx_spool *spool)
{
    if (spool->move.copying) {
        return copy(spool);
    }
    if (spool->tail == spool->head || spool_is_open_in(spool, spool->tail)) {
        spool->move.slot = 0;
        return MX_ENOSPC;
    }
    return look(spool);
}

/* --- where it came from --------------------------------------------------- */

uint32_t spool_source(struct mx_spool *spool)
{
    uint32_t source = spool_head_get32(spool, SPOOL_HEAD_SOURCE);
    uint32_t seq = spool_head_get32(spool, SPOOL_HEAD_SOURCE_SEQ);
    uint32_t number = spool_head_get32(spool, SPOOL_HEAD_NUMBER);
    uint32_t segment = spool_segment(spool, source);
    uint32_t back = (segment + 1) * spool->segment_pages - source;
    uint32_t its = 0, last = 0;

    if (source == SPOOL_NONE || segment >= spool->segments ||
        spool_distance(spool, segment) > spool_distance(spool, spool->head) ||
        back % spool->head_pages != 0 ||
        back / spool->head_pages >
            spool_heads_of(spool, segment, &its, &last) ||
        its != seq || spool_head_load(spool, source, seq) != 1 ||
        spool_head_get32(spool, SPOOL_HEAD_NUMBER) != number ||
        spool_marked(spool, source, SPOOL_GONE)) {
        return SPOOL_NONE;
    }
    return spool_load(spool, source) == 0 ? source : SPOOL_NONE;
}

/* --- ahead of need ------------------------------------------------------ */

/* An eighth of what the log has is of no use any more, and a segment. */
static bool pays(const struct mx_spool *spool)
{
    uint32_t usable = spool_usable(spool);
    uint32_t used = (spool->segments - spool_free(spool)) * usable;

    return used > spool->live + spool->open &&
           used - spool->live - spool->open > usable + used / 8;
}

bool mx_spool_poll(struct mx_spool *spool)
{
    uint32_t wanted = spool_margin(spool) + spool_reserve(spool) + 2;

    if (spool->cfg.read_only) {
        return false;
    }
    if (spool->move.copying || (spool_free(spool) < wanted && pays(spool))) {
        return spool_move(spool) == MX_EAGAIN;
    }
    return spool_log_ahead(spool);
}
