/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A message on its way in. A page of data goes to the device when it is full
 * and it is known where the next one will go, so each has a place in the log
 * as soon as it is begun. The place of the head is the first thing a message
 * gets, and the last that is written.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "tinymx/trace.h"
#include "util/assert.h"
#include "util/le.h"
#include "util/log.h"

#include <string.h>

/* What stands in front of the sender. */
#define SENDER_AT (SPOOL_PAGE_DATA + sizeof "Return-Path: <" - 1)

/* What a message has beside what its sender said, bytes. */
#define TRACE_ROOM 1024
/* And if nothing was said, at first. */
#define SIZE_UNKNOWN 4096
/* And as it grows, pages: not one by one, which would cost as much as writing
 * them. */
#define GROWTH 16

_Static_assert(SPOOL_HEAD_PEER + MX_SPOOL_PEER == SPOOL_HEAD_TLS &&
                   SPOOL_HEAD_TLS + MX_SPOOL_TLS == SPOOL_HEAD_CIPHER &&
                   SPOOL_HEAD_CIPHER + MX_SPOOL_CIPHER == SPOOL_HEAD_FROM &&
                   SPOOL_HEAD_FROM + MX_SPOOL_FROM == SPOOL_HEAD_CRC,
               "the texts fill their places");
_Static_assert(MX_LINE_MAX + 64 < 2 * SPOOL_ROOM,
               "a line of the envelope takes two pages at the most");

static struct mx_spool *spool_of(struct mx_sink *sink)
{
    return (struct mx_spool *)sink; /* its first member */
}

static struct mx_spool_msg *msg_of(struct mx_spool *spool, int msg)
{
    MX_ASSERT(msg >= 0 && msg < MX_SPOOL_OPEN && spool->msg[msg].taken);
    return &spool->msg[msg];
}

bool spool_is_open_in(const struct mx_spool *spool, uint32_t segment)
{
    for (size_t i = 0; i < MX_SPOOL_OPEN; i++) {
        if (spool->msg[i].taken &&
            spool_segment(spool, spool->msg[i].head) == segment) {
            return true;
        }
    }
    return false;
}

/* --- places ------------------------------------------------------------- */

/* MX_EAGAIN: the log is being cleared for it. */
static int take(struct mx_spool *spool,
                int (*place)(struct mx_spool *, bool, uint32_t *),
                uint32_t *page)
{
    int rc = place(spool, false, page);

    if (rc == 0) {
        spool->move.cleared = 0;
    }
    return rc == MX_ENOSPC ? spool_move(spool) : rc;
}

/* So many pages are promised to it, or some more if there are. */
static int grow(struct mx_spool *spool, struct mx_spool_msg *m, uint32_t pages)
{
    uint32_t more = GROWTH;
    int rc = 0;

    if (pages <= m->promised) {
        return 0;
    }
    rc = spool_promise(spool, m->promised, more);
    if (rc != 0) {
        more = pages - m->promised;
        rc = spool_promise(spool, m->promised, more);
    }
    m->promised += rc == 0 ? more : 0;
    return rc;
}

/* A place for the page behind the present one. */
static int take_next(struct mx_spool *spool, struct mx_spool_msg *m)
{
    int rc;

    if (m->next != SPOOL_NONE) {
        return 0;
    }
    rc = grow(spool, m, m->pages + 2 + spool->head_pages);
    return rc == 0 ? take(spool, spool_log_page, &m->next) : rc;
}

static int take_head(struct mx_spool *spool, struct mx_spool_msg *m)
{
    int rc = take(spool, spool_log_head, &m->head);

    m->head_seq = spool->head_seq;
    return rc;
}

/* Both in one segment: then every number in a segment has been given when the
 * next one's label is written, and a head that turns up later, because the power
 * went while it was programmed, is not taken for another message's. */
static int take_places(struct mx_spool *spool, struct mx_spool_msg *m)
{
    int rc = take_head(spool, m);

    if (rc != 0) {
        return rc;
    }
    rc = take(spool, spool_log_page, &m->first);
    if (rc != 0) {
        spool_log_return(spool, m->head, m->head_seq);
    }
    return rc == 0 && m->head_seq != spool->head_seq ? take_head(spool, m) : rc;
}

/* --- data --------------------------------------------------------------- */

/* The first error of a message stays: what follows it would not be whole. */
static int failed(struct mx_spool_msg *m, int rc)
{
    m->error = rc;
    return rc;
}

static int flush(struct mx_spool *spool, struct mx_spool_msg *m)
{
    int rc;

    if (m->fill < SPOOL_ROOM) {
        memset(m->page + SPOOL_PAGE_DATA + m->fill, 0,
               SPOOL_ROOM - (size_t)m->fill);
    }
    rc = spool_data_write(spool, m->here, m->next, m->page, &m->crc);
    m->pages++;
    m->fill = 0;
    m->here = m->next;
    m->next = SPOOL_NONE;
    return rc == 0 ? 0 : failed(m, rc);
}

/* As many bytes as can be taken now: a number, or an error if none. */
static int put(struct mx_spool *spool, struct mx_spool_msg *m, const char *data,
               size_t len)
{
    size_t done = 0;
    int rc = m->error;

    while (rc == 0 && done < len) {
        size_t n = SPOOL_ROOM - (size_t)m->fill;

        if (n == 0) {
            rc = take_next(spool, m);
            rc = rc == 0 ? flush(spool, m) : rc;
            continue;
        }
        n = n < len - done ? n : len - done;
        memcpy(m->page + SPOOL_PAGE_DATA + m->fill, data + done, n);
        m->fill = (uint16_t)(m->fill + n);
        done += n;
    }
    return done > 0 && (rc == 0 || rc == MX_EAGAIN) ? (int)done : rc;
}

/* A line of the envelope, whole, or nothing of it: `trace` is walked twice. */
static int put_trace(struct mx_spool *spool, struct mx_spool_msg *m,
                     struct mx_trace trace)
{
    struct mx_trace again = trace;
    struct mx_span s;
    size_t len = 0;
    int rc = m->error;

    while ((s = mx_trace_next(&trace)).len > 0) {
        len += s.len;
    }
    if (rc == 0 && len > SPOOL_ROOM - (size_t)m->fill) {
        rc = take_next(spool, m);
    }
    while (rc >= 0 && (s = mx_trace_next(&again)).len > 0) {
        rc = put(spool, m, s.ptr, s.len);
    }
    if (rc < 0) {
        return rc;
    }
    m->envelope += (uint32_t)len;
    return 0;
}

/* --- the sink ----------------------------------------------------------- */

static struct mx_spool_msg *spare(struct mx_spool *spool)
{
    for (size_t i = 0; i < MX_SPOOL_OPEN; i++) {
        if (!spool->msg[i].taken) {
            return &spool->msg[i];
        }
    }
    return NULL;
}

static void release(struct mx_spool *spool, struct mx_spool_msg *m)
{
    spool->open -= m->promised;
    m->taken = false;
}

static void begin(struct mx_spool *spool, struct mx_spool_msg *m,
                  const struct mx_envelope *env)
{
    m->taken = true;
    m->number = ++spool->number;
    m->here = m->first;
    m->next = SPOOL_NONE;
    m->crc = spool_seed(spool, m->number);
    m->flags = env->flags;
    m->time_s = env->time_s;
    strncpy(m->peer, env->peer, sizeof m->peer - 1);
    if (env->tls != NULL) {
        m->flags |= SPOOL_F_TLS;
        m->tls = env->tls->version;
        m->cipher = env->tls->cipher;
    }
}

static int spool_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    struct mx_spool *spool = spool_of(sink);
    struct mx_spool_msg *m = spare(spool);
    uint32_t size = env->size > 0 ? env->size : SIZE_UNKNOWN;
    struct mx_trace trace;
    int rc;

    if (spool->cfg.read_only) {
        return MX_ENOTSUP;
    }
    if (m == NULL) {
        return MX_EAGAIN;
    }
    if (spool->number == UINT32_MAX) {
        return MX_ENOSPC; /* somebody made it so: 0 is no number */
    }
    if (size > INT32_MAX - TRACE_ROOM) {
        return MX_E2BIG;
    }
    memset(m, 0, sizeof *m);
    m->promised = spool_pages(spool, size + TRACE_ROOM);
    rc = spool_promise(spool, 0, m->promised);
    if (rc != 0) {
        return rc;
    }
    rc = take_places(spool, m);
    if (rc != 0) {
        release(spool, m);
        return rc;
    }
    begin(spool, m, env);
    mx_trace_return_path(&trace, env);
    rc = put_trace(spool, m, trace);
    MX_ASSERT(rc == 0); /* it fits the first page */
    return (int)(m - spool->msg);
}

static int spool_rcpt(struct mx_sink *sink, int msg, const struct mx_path *path)
{
    struct mx_spool *spool = spool_of(sink);
    struct mx_spool_msg *m = msg_of(spool, msg);
    struct mx_trace trace;
    int rc;

    mx_trace_delivered_to(&trace, path);
    rc = put_trace(spool, m, trace);
    if (rc == 0 && m->rcpts < UINT16_MAX) {
        m->rcpts++;
    }
    return rc;
}

static int spool_write(struct mx_sink *sink, int msg, const void *data,
                       size_t len)
{
    struct mx_spool *spool = spool_of(sink);

    return put(spool, msg_of(spool, msg), data,
               len < INT32_MAX ? len : INT32_MAX);
}

static void spool_abort(struct mx_sink *sink, int msg)
{
    struct mx_spool *spool = spool_of(sink);
    struct mx_spool_msg *m = msg_of(spool, msg);

    spool_log_return(spool, m->head, m->head_seq);
    release(spool, m);
}

/* --- the commit --------------------------------------------------------- */

/* The sender is in the data, in the Return-Path: that begins it. */
static int put_sender(struct mx_spool *spool, const struct mx_spool_msg *m,
                      uint8_t *head)
{
    int rc = spool_data_load(spool, m->first, spool_seed(spool, m->number));
    const uint8_t *sender = spool->page + SENDER_AT;
    const uint8_t *end;
    size_t len = MX_SPOOL_PAGE - SENDER_AT;

    if (rc != 0) {
        return rc;
    }
    end = memchr(sender, '\r', len);
    len = end != NULL ? (size_t)(end - sender) - 1 : len;
    len = len < MX_SPOOL_FROM - 1 ? len : MX_SPOOL_FROM - 1;
    memcpy(head + SPOOL_HEAD_FROM, sender, len);
    return 0;
}

static void put_text(uint8_t *to, const char *text, size_t cap)
{
    strncpy((char *)to, text != NULL ? text : "", cap - 1);
}

/* In the message's own page: its data is on the device. */
static int make_head(struct mx_spool *spool, struct mx_spool_msg *m,
                     uint32_t size, uint32_t last)
{
    uint8_t *head = m->page;

    memset(head, 0, MX_SPOOL_PAGE);
    le_put16(head + SPOOL_HEAD_FLAGS, m->flags);
    le_put16(head + SPOOL_HEAD_RCPTS, m->rcpts);
    le_put32(head + SPOOL_HEAD_NUMBER, m->number);
    le_put32(head + SPOOL_HEAD_SERIAL, ++spool->serial);
    le_put32(head + SPOOL_HEAD_FIRST, m->first);
    le_put32(head + SPOOL_HEAD_PAGES, m->pages);
    le_put32(head + SPOOL_HEAD_SIZE, size);
    le_put32(head + SPOOL_HEAD_END, m->crc);
    le_put32(head + SPOOL_HEAD_LAST, last);
    le_put32(head + SPOOL_HEAD_ENVELOPE, m->envelope);
    le_put(head + SPOOL_HEAD_TIME, 8, (uint64_t)m->time_s);
    le_put32(head + SPOOL_HEAD_SOURCE, SPOOL_NONE);
    put_text(head + SPOOL_HEAD_PEER, m->peer, MX_SPOOL_PEER);
    put_text(head + SPOOL_HEAD_TLS, m->tls, MX_SPOOL_TLS);
    put_text(head + SPOOL_HEAD_CIPHER, m->cipher, MX_SPOOL_CIPHER);
    return put_sender(spool, m, head);
}

static int spool_commit(struct mx_sink *sink, int msg)
{
    struct mx_spool *spool = spool_of(sink);
    struct mx_spool_msg *m = msg_of(spool, msg);
    uint32_t size = m->pages * SPOOL_ROOM + m->fill;
    uint32_t last = m->here;
    uint32_t virgin[2];
    int rc = m->error;

    if (rc == 0) {
        rc = flush(spool, m);
    }
    if (rc == 0) {
        rc = make_head(spool, m, size, last);
    }
    if (rc == 0) {
        rc = spool_virgin(spool, m->head, virgin);
    }
    if (rc == 0) {
        rc = spool_head_write(spool, m->head, m->head_seq, virgin, m->page);
    }
    release(spool, m);
    if (rc == 0) {
        spool_count(spool, m->pages, false);
    }
    return rc;
}

void spool_sink_init(struct mx_spool *spool)
{
    spool->sink = (struct mx_sink){
        .open = spool_open,
        .rcpt = spool_rcpt,
        .write = spool_write,
        .commit = spool_commit,
        .abort = spool_abort,
    };
}
