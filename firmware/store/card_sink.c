/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A message on its way into a slot. Data goes through one record; blocks are
 * erased when the first byte for them comes. The sender is in the data already,
 * in the Return-Path: that begins it, so the header gets it from there and no
 * message has to keep it in RAM.
 */
#include "store/card.h"

#include "tinymx/err.h"
#include "tinymx/trace.h"
#include "util/assert.h"
#include "util/crc32c.h"
#include "util/le.h"
#include "util/log.h"

#include <string.h>

/* What stands before the sender. */
#define SENDER_AT (sizeof "Return-Path: <" - 1)

_Static_assert(CARD_MAIL_PEER + MX_CARD_PEER == CARD_MAIL_FROM,
               "the peer fills its place");

static struct mx_card *card_of(struct mx_sink *sink)
{
    return (struct mx_card *)sink; /* its first member */
}

static struct mx_card_msg *msg_of(struct mx_card *card, int msg)
{
    MX_ASSERT(msg >= 0 && msg < MX_CARD_OPEN && card->msg[msg].taken);
    return &card->msg[msg];
}

/* The first error of a message stays: what follows it would not be whole. */
static int failed(struct mx_card_msg *m, int rc)
{
    log_begin(MX_LOG_ERROR, "card", 0);
    log_u32("slot", m->slot);
    log_int("error", rc);
    log_text("text", mx_strerror(rc));
    log_end();
    m->error = rc;
    return rc;
}

/* --- data --------------------------------------------------------------- */

static int flush(struct mx_card *card, struct mx_card_msg *m)
{
    uint32_t off = MX_CARD_RECORD + m->at;
    int rc = 0;

    while (rc == 0 && m->erased <= off / card->dev->block_size) {
        rc = card_erase(card, m->slot, m->erased++);
    }
    memset(m->record + m->fill, 0, (size_t)MX_CARD_RECORD - m->fill);
    if (rc == 0) {
        rc = card_put(card, m->slot, off, m->record);
    }
    m->at += m->fill;
    m->fill = 0;
    return rc == 0 ? 0 : failed(m, rc);
}

static int put(struct mx_card *card, struct mx_card_msg *m, const void *data,
               size_t len)
{
    const uint8_t *bytes = data;

    if (m->error != 0) {
        return m->error;
    }
    if (len > card->room - m->at - m->fill) {
        return MX_E2BIG;
    }
    m->crc = crc32c(m->crc, data, len);
    while (len > 0) {
        size_t n = (size_t)MX_CARD_RECORD - m->fill;

        if (n == 0) {
            int rc = flush(card, m);

            if (rc != 0) {
                return rc;
            }
            continue;
        }
        n = n < len ? n : len;
        memcpy(m->record + m->fill, bytes, n);
        m->fill = (uint16_t)(m->fill + n);
        bytes += n;
        len -= n;
    }
    return 0;
}

/* A whole trace field, or nothing of it: `trace` is walked twice. */
static int put_trace(struct mx_card *card, struct mx_card_msg *m,
                     struct mx_trace trace)
{
    struct mx_trace again = trace;
    struct mx_span s;
    size_t len = 0;
    int rc = 0;

    while ((s = mx_trace_next(&trace)).len > 0) {
        len += s.len;
    }
    if (len > card->room - m->at - m->fill) {
        return MX_E2BIG;
    }
    while (rc == 0 && (s = mx_trace_next(&again)).len > 0) {
        rc = put(card, m, s.ptr, s.len);
    }
    return rc;
}

/* --- slots -------------------------------------------------------------- */

static bool is_open(const struct mx_card *card, uint32_t slot)
{
    for (size_t i = 0; i < MX_CARD_OPEN; i++) {
        if (card->msg[i].taken && card->msg[i].slot == slot) {
            return true;
        }
    }
    return false;
}

/* The lowest free slot becomes the message's. */
static int take_slot(struct mx_card *card, struct mx_card_msg *m)
{
    while (card->lowest < card->slots) {
        uint32_t slot = card->lowest++;

        if (!is_open(card, slot) &&
            card_probe(card, slot, m->record) == CARD_FREE) {
            m->slot = slot;
            m->taken = true;
            return 0;
        }
    }
    return MX_ENOSPC;
}

/* A slot on which the device failed is left alone until the next mount, or
 * every message would fail on it. */
static void release(struct mx_card *card, struct mx_card_msg *m)
{
    if (m->error == 0 && m->slot < card->lowest) {
        card->lowest = m->slot;
    }
    m->taken = false;
}

/* --- the commit --------------------------------------------------------- */

/* In place: the record holds the beginning of the data, and becomes the
 * header. */
static void make_header(const struct mx_card *card, struct mx_card_msg *m,
                        uint32_t size)
{
    uint8_t *record = m->record;
    const uint8_t *end;
    size_t len = MX_CARD_RECORD - SENDER_AT;

    end = memchr(record + SENDER_AT, '\r', len);
    len = end != NULL ? (size_t)(end - record) - SENDER_AT - 1 : len;
    if (len > CARD_CRC - CARD_MAIL_FROM) {
        len = CARD_CRC - CARD_MAIL_FROM;
    }
    memmove(record + CARD_MAIL_FROM, record + SENDER_AT, len);
    memset(record, 0, CARD_MAIL_FROM);
    memset(record + CARD_MAIL_FROM + len, 0, CARD_CRC - CARD_MAIL_FROM - len);
    card_begin(record, CARD_MAIL_MAGIC);
    le_put(record + CARD_MAIL_FLAGS, 2,
           m->flags | (m->tls ? (unsigned)CARD_FLAG_TLS : 0));
    le_put(record + CARD_MAIL_NUMBER, 4, card->number + 1);
    le_put(record + CARD_MAIL_SIZE, 4, size);
    le_put(record + CARD_MAIL_CRC, 4, m->crc);
    le_put(record + CARD_MAIL_TIME, 8, (uint64_t)m->time_s);
    le_put(record + CARD_MAIL_RCPTS, 2, m->rcpts);
    le_put(record + CARD_MAIL_FROM_LEN, 2, len);
    memcpy(record + CARD_MAIL_PEER, m->peer, MX_CARD_PEER);
    card_seal(record);
}

/* All data on the device, and its beginning in the record again. */
static int settle(struct mx_card *card, struct mx_card_msg *m)
{
    int rc = flush(card, m);

    if (rc == 0) {
        rc = card->dev->sync(card->dev);
    }
    return rc == 0 ? card_get(card, m->slot, MX_CARD_RECORD, m->record) : rc;
}

/* The sender will be told that it failed, and comes again: what may have been
 * written of the header has to go, as far as the device still obeys. */
static void unwrite_header(struct mx_card *card, struct mx_card_msg *m)
{
    int rc = card_erase(card, m->slot, 0);

    if (rc == 0 && card->dev->overwrite) {
        memset(m->record, 0, MX_CARD_RECORD);
        rc = card_put(card, m->slot, 0, m->record);
    }
    if (rc == 0) {
        rc = card->dev->sync(card->dev);
    }
    (void)rc;
}

static int write_header(struct mx_card *card, struct mx_card_msg *m)
{
    int rc = card_put(card, m->slot, 0, m->record);

    if (rc == 0) {
        rc = card->dev->sync(card->dev);
    }
    if (rc != 0) {
        unwrite_header(card, m);
    }
    return rc;
}

static int card_commit(struct mx_sink *sink, int msg)
{
    struct mx_card *card = card_of(sink);
    struct mx_card_msg *m = msg_of(card, msg);
    uint32_t size = m->at + m->fill;
    int rc = m->error;

    if (rc == 0) {
        rc = settle(card, m);
        if (rc == 0) {
            make_header(card, m, size);
            rc = write_header(card, m);
        }
        if (rc != 0 && m->error == 0) {
            rc = failed(m, rc);
        }
    }
    if (rc == 0) {
        card->number++;
        card->used++;
        card->top = m->slot >= card->top ? m->slot + 1 : card->top;
        m->taken = false;
    } else {
        release(card, m);
    }
    return rc;
}

/* --- the rest of the sink ----------------------------------------------- */

static int card_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    struct mx_card *card = card_of(sink);
    struct mx_card_msg *m = card_spare(card);
    struct mx_trace trace;
    int rc;

    if (env->size > card->room) {
        return MX_E2BIG;
    }
    if (m == NULL) {
        return MX_EAGAIN;
    }
    memset(m, 0, sizeof *m);
    rc = take_slot(card, m);
    if (rc != 0) {
        return rc;
    }
    m->flags = env->flags;
    m->tls = env->tls != NULL;
    m->time_s = env->time_s;
    strncpy(m->peer, env->peer, sizeof m->peer - 1);
    mx_trace_return_path(&trace, env);
    rc = put_trace(card, m, trace);
    if (rc != 0) {
        release(card, m);
        return rc;
    }
    return (int)(m - card->msg);
}

static int card_rcpt(struct mx_sink *sink, int msg, const struct mx_path *path)
{
    struct mx_card *card = card_of(sink);
    struct mx_card_msg *m = msg_of(card, msg);
    struct mx_trace trace;
    int rc;

    mx_trace_delivered_to(&trace, path);
    rc = put_trace(card, m, trace);
    if (rc == 0 && m->rcpts < UINT16_MAX) {
        m->rcpts++;
    }
    return rc;
}

static int card_write(struct mx_sink *sink, int msg, const void *data,
                      size_t len)
{
    struct mx_card *card = card_of(sink);
    struct mx_card_msg *m = msg_of(card, msg);
    int rc;

    len = len < INT32_MAX ? len : INT32_MAX;
    rc = put(card, m, data, len);
    return rc == 0 ? (int)len : rc;
}

static void card_abort(struct mx_sink *sink, int msg)
{
    struct mx_card *card = card_of(sink);

    release(card, msg_of(card, msg));
}

void card_sink_init(struct mx_card *card)
{
    card->sink = (struct mx_sink){
        .open = card_open,
        .rcpt = card_rcpt,
        .write = card_write,
        .commit = card_commit,
        .abort = card_abort,
    };
}
