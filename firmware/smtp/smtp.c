/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine's outside, and the walk through its tables.
 *
 *   push ─► taker of the state ─► verbs.c  ─┐
 *                                 data.c   ─┼─► smtp_enter() ─► reply.c
 *                                 bdat.c   ─┤     the state changes here,
 *   answer ─────────────────────► answers.c ┘     and nowhere else
 */
#include "tinymx/smtp.h"

#include "smtp/answers.h"
#include "smtp/bdat.h"
#include "smtp/counts.h"
#include "smtp/data.h"
#include "smtp/hops.h"
#include "smtp/line.h"
#include "smtp/state.h"
#include "smtp/verbs.h"
#include "util/assert.h"

#include <string.h>

/* --- the state ---------------------------------------------------------- */

static bool is_speaking(const struct mx_smtp *s)
{
    return s->sent < s->reply;
}

/* The question that comes by itself: what the host holds of a message that will
 * not be delivered has to go, and a session that is over has to be closed. */
static uint8_t due(const struct mx_smtp *s)
{
    bool skips = smtp_state_in(s->state, IN(ST_TEXT_SKIP) | IN(ST_CHUNK_SKIP));
    uint8_t state = skips ? s->after : s->state;

    if (s->open && !smtp_state_in(state, IN_TRANSACTION)) {
        return MX_ASK_ABORT;
    }
    return s->state == ST_CLOSING ? MX_ASK_CLOSE : MX_ASK_NONE;
}

static void change(struct mx_smtp *s, enum smtp_reply reply, unsigned ask,
                   enum smtp_state next)
{
    s->state = (uint8_t)next;
    if (reply != R_NONE) {
        smtp_reply_write(s, reply);
    }
    s->ask = ask != MX_ASK_NONE ? (uint8_t)ask : due(s);
}

/* The state in which the bytes still to come of a refused message are skipped;
 * ST_SAME when there are none. */
static enum smtp_state skip_state(const struct mx_smtp *s)
{
    if (s->state == ST_TEXT) {
        return ST_TEXT_SKIP;
    }
    return s->chunk > 0 ? ST_CHUNK_SKIP : ST_SAME;
}

void smtp_enter(struct mx_smtp *s, enum smtp_reply reply, unsigned ask,
                enum smtp_state next)
{
    enum smtp_state skip = skip_state(s);

    if (next == ST_SAME) {
        next = s->state;
    }
    if (skip == ST_SAME) {
        reply = smtp_counts_reply(s, reply);
    }
    if (smtp_reply_closes(reply)) {
        next = ST_CLOSING;
        s->hold = reply == R_BYE ? s->hold : HOLD_NONE;
    }
    if (reply != R_NONE && skip != ST_SAME) {
        s->refusal = (uint8_t)reply;
        s->after = (uint8_t)next;
        reply = R_NONE;
        next = skip;
    }
    change(s, reply, ask, next);
}

void smtp_finish(struct mx_smtp *s)
{
    smtp_enter(s, R_NONE, MX_ASK_END, ST_END);
    if (smtp_hops_too_many(s)) {
        smtp_enter(s, R_HOPS, MX_ASK_NONE, ST_HELLO);
    }
}

/* --- takers: what bytes are for, by state ------------------------------- */

static size_t take_command(struct mx_smtp *s, const char *in, size_t len)
{
    size_t used = smtp_line_take(s, in, len);

    if (smtp_line_whole(s)) {
        smtp_verbs_run(s);
    }
    return used;
}

static size_t take_text(struct mx_smtp *s, const char *in, size_t len)
{
    size_t room = s->cfg->max_message - s->taken;
    size_t used;

    /* Not past the last byte that may be ours: all of them are lent before the
     * first one too many is seen, however the input is cut. */
    if (room > 0 && room < len) {
        len = room;
    }
    switch (smtp_data_scan(&s->text, in, len, &used, &s->body)) {
    case DATA_MORE:
        break;
    case DATA_BODY:
        if (room == 0) {
            smtp_enter(s, R_TOO_BIG, MX_ASK_NONE, ST_HELLO);
        } else {
            s->taken += (uint32_t)s->body.len;
            smtp_hops_scan(s, s->body);
            smtp_enter(s, R_NONE, MX_ASK_BODY, ST_TEXT);
        }
        break;
    case DATA_BARE:
        smtp_enter(s, R_BARE, MX_ASK_NONE, ST_HELLO);
        break;
    case DATA_END:
        smtp_finish(s);
        break;
    }
    return used;
}

static size_t skip_text(struct mx_smtp *s, const char *in, size_t len)
{
    struct mx_span body;
    size_t used;

    if (smtp_data_scan(&s->text, in, len, &used, &body) == DATA_END) {
        smtp_enter(s, s->refusal, MX_ASK_NONE, s->after);
    }
    return used;
}

/* NULL: no byte is taken. */
/* clang-format off */
static size_t (*const takers[ST_STATES])(struct mx_smtp *s, const char *in,
                                         size_t len) = {
    [ST_GREETED] = take_command,
    [ST_HELLO] = take_command,
    [ST_MAIL] = take_command,
    [ST_RCPT] = take_command,
    [ST_TEXT] = take_text,
    [ST_TEXT_SKIP] = skip_text,
    [ST_CHUNK] = smtp_bdat_take,
    [ST_CHUNK_SKIP] = smtp_bdat_skip,
    [ST_BDAT] = take_command,
    [ST_AIRLOCK] = NULL,
    [ST_CLOSING] = NULL,
};
/* clang-format on */

static bool is_listening(const struct mx_smtp *s)
{
    return !is_speaking(s) && s->ask == MX_ASK_NONE && takers[s->state] != NULL;
}

/* --- what the host sees ------------------------------------------------- */

void mx_smtp_init(struct mx_smtp *s, const struct mx_smtp_config *cfg,
                  const struct mx_tls_facts *tls, bool greet)
{
    bool greets = tls == NULL || greet;

    MX_ASSERT(strlen(cfg->mx_name) <= 255);
    MX_ASSERT(cfg->max_message > 0 && cfg->max_rcpt > 0);
    MX_ASSERT(cfg->max_unknown <= UINT8_MAX / 2);
    memset(s, 0, sizeof *s);
    s->cfg = cfg;
    s->in_tls = tls != NULL;
    s->denied = tls != NULL && tls->client != NULL;
    s->hold = greets ? HOLD_SILENCE : HOLD_NONE;
    smtp_enter(s, greets ? R_GREETING : R_NONE, MX_ASK_NONE, ST_GREETED);
}

size_t mx_smtp_push(struct mx_smtp *s, const void *data, size_t len)
{
    const char *in = data;
    size_t used = 0;

    while (used < len && is_listening(s)) {
        used += takers[s->state](s, in + used, len - used);
        smtp_bdat_settle(s);
    }
    return used;
}

const void *mx_smtp_out_buf(const struct mx_smtp *s, size_t *len)
{
    *len = (size_t)s->reply - s->sent;
    return is_speaking(s) ? s->buf + s->sent : NULL;
}

void mx_smtp_out_ack(struct mx_smtp *s, size_t len)
{
    MX_ASSERT(len <= (size_t)s->reply - s->sent);
    s->sent = (uint16_t)(s->sent + len);
    if (len > 0) {
        s->hold = HOLD_NONE;
    }
}

bool mx_smtp_wants_silence(const struct mx_smtp *s)
{
    return is_speaking(s) && s->hold == HOLD_SILENCE;
}

bool mx_smtp_wants_delay(const struct mx_smtp *s)
{
    return is_speaking(s) && s->hold == HOLD_SLOW;
}

enum mx_smtp_ask mx_smtp_ask(const struct mx_smtp *s)
{
    if (is_speaking(s)) {
        return MX_ASK_NONE;
    }
    return s->ask == ASK_BDAT ? MX_ASK_DATA : (enum mx_smtp_ask)s->ask;
}

void mx_smtp_answer(struct mx_smtp *s, enum mx_answer answer)
{
    enum mx_smtp_ask ask = mx_smtp_ask(s);

    MX_ASSERT(ask != MX_ASK_NONE && ask != MX_ASK_CLOSE);
    MX_ASSERT((unsigned)answer < MX_ANSWERS);
    smtp_answers_take(s, answer);
    s->path = (struct mx_path){0};
    s->body = (struct mx_span){0};
    smtp_bdat_settle(s);
}

void mx_smtp_end(struct mx_smtp *s, enum mx_why why)
{
    static const uint8_t reasons[] = {
        [MX_WHY_TIMEOUT] = R_TIMEOUT, [MX_WHY_SHUTDOWN] = R_SHUTDOWN,
        [MX_WHY_EARLY] = R_EARLY,     [MX_WHY_SLOW] = R_SLOW,
        [MX_WHY_LONG] = R_LONG,       [MX_WHY_EVICTED] = R_EVICTED,
        [MX_WHY_BUSY] = R_BUSY,       [MX_WHY_HANDSHAKES] = R_HANDSHAKES,
    };
    bool half_said = is_speaking(s) && s->sent > 0;
    bool said = !is_speaking(s) && s->state == ST_CLOSING;
    bool mute = s->state == ST_AIRLOCK || half_said || said;

    s->open = false;
    s->hold = HOLD_NONE;
    change(s, mute ? R_NONE : reasons[why], MX_ASK_NONE, ST_CLOSING);
}

const struct mx_path *mx_smtp_path(const struct mx_smtp *s)
{
    return &s->path;
}

struct mx_span mx_smtp_body(const struct mx_smtp *s)
{
    return s->body;
}

uint32_t mx_smtp_size(const struct mx_smtp *s)
{
    return s->size;
}

uint8_t mx_smtp_flags(const struct mx_smtp *s)
{
    return s->flags;
}

const char *mx_smtp_helo(const struct mx_smtp *s)
{
    return s->helo;
}

const char *mx_smtp_protocol(const struct mx_smtp *s)
{
    static const char *const names[2][2] = {
        {"ESMTP", "ESMTPS"},
        {"UTF8SMTP", "UTF8SMTPS"},
    };
    bool utf8 = (s->flags & MX_MAIL_SMTPUTF8) != 0;

    /* STARTTLS is an extension: inside TLS it is ESMTP, said or not. */
    return s->esmtp || s->in_tls || utf8 ? names[utf8][s->in_tls] : "SMTP";
}

bool mx_smtp_in_transaction(const struct mx_smtp *s)
{
    return smtp_state_in(s->state, IN_TRANSACTION);
}

bool mx_smtp_in_body(const struct mx_smtp *s)
{
    return smtp_state_in(s->state, IN_BYTES);
}
