/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine's outside.
 *
 *   push ───────────► line.c ─► verbs.c ──┐
 *                                 walk.c ─┼─► pop3_enter() ─► reply.c
 *   answer, found ──► answers.c ─► text.c ┘     the state changes here,
 *   login, fill                                 and nowhere else
 */
#include "tinymx/pop3.h"

#include "pop3/answers.h"
#include "pop3/line.h"
#include "pop3/state.h"
#include "pop3/text.h"
#include "pop3/verbs.h"
#include "pop3/walk.h"
#include "util/assert.h"

#include <string.h>

/* --- the state ---------------------------------------------------------- */

static bool is_speaking(const struct mx_pop3 *s)
{
    return s->sent < s->reply;
}

static bool is_listening(const struct mx_pop3 *s)
{
    return !is_speaking(s) && s->ask == MX_POP3_ASK_NONE &&
           pop3_state_in(s->state, IN_LOGIN | IN(ST_OPEN));
}

/* An error too many is the last one. */
static enum pop3_reply count(struct mx_pop3 *s, enum pop3_reply reply)
{
    if (!pop3_reply_is_error(reply)) {
        return reply;
    }
    s->errors = (uint8_t)(s->errors + (s->errors < UINT8_MAX));
    return s->cfg->max_errors != 0 && s->errors > s->cfg->max_errors &&
                   !pop3_reply_closes(reply)
               ? R_ERROR_MAX
               : reply;
}

void pop3_enter(struct mx_pop3 *s, enum pop3_reply reply, unsigned ask,
                enum pop3_state next)
{
    reply = count(s, reply);
    if (next != ST_SAME) {
        s->state = (uint8_t)next;
    }
    if (reply != R_NONE) {
        pop3_reply_say(s, reply);
        pop3_reply_send(s);
    }
    if (pop3_reply_closes(reply)) {
        s->state = ST_CLOSING;
    }
    s->ask = s->state == ST_CLOSING ? MX_POP3_ASK_CLOSE : (uint8_t)ask;
}

/* --- what the host sees ------------------------------------------------- */

void mx_pop3_init(struct mx_pop3 *s, const struct mx_pop3_config *cfg,
                  bool in_tls, bool greet)
{
    MX_ASSERT(strlen(cfg->mx_name) <= 255 && cfg->max_logins > 0);
    memset(s, 0, sizeof *s);
    s->cfg = cfg;
    s->in_tls = in_tls;
    pop3_enter(s, greet ? R_GREETING : R_NONE, MX_POP3_ASK_NONE, ST_GREETED);
}

size_t mx_pop3_push(struct mx_pop3 *s, const void *data, size_t len)
{
    const char *in = data;
    size_t used = 0;

    while (used < len && is_listening(s)) {
        used += pop3_line_take(s, in + used, len - used);
        if (pop3_line_whole(s)) {
            pop3_verbs_run(s);
        }
    }
    return used;
}

const void *mx_pop3_out_buf(const struct mx_pop3 *s, size_t *len)
{
    *len = (size_t)s->reply - s->sent;
    return is_speaking(s) ? s->buf + s->sent : NULL;
}

void mx_pop3_out_ack(struct mx_pop3 *s, size_t len)
{
    MX_ASSERT(len <= (size_t)s->reply - s->sent);
    s->sent = (uint16_t)(s->sent + len);
    if (len > 0) {
        s->slow = false;
    }
}

bool mx_pop3_wants_delay(const struct mx_pop3 *s)
{
    return is_speaking(s) && s->slow;
}

enum mx_pop3_ask mx_pop3_ask(const struct mx_pop3 *s)
{
    return is_speaking(s) ? MX_POP3_ASK_NONE : (enum mx_pop3_ask)s->ask;
}

/* --- questions ---------------------------------------------------------- */

const char *mx_pop3_user(const struct mx_pop3 *s)
{
    return s->user;
}

struct mx_span mx_pop3_password(const struct mx_pop3 *s)
{
    return s->password;
}

uint16_t mx_pop3_message(const struct mx_pop3 *s)
{
    return s->message;
}

uint32_t mx_pop3_offset(const struct mx_pop3 *s)
{
    return s->offset;
}

void *mx_pop3_room(struct mx_pop3 *s, size_t *len)
{
    return pop3_text_room(s, len);
}

/* --- answers ------------------------------------------------------------ */

/* The question that is answered; a password does not outlive it. */
static uint8_t close_question(struct mx_pop3 *s)
{
    uint8_t ask = (uint8_t)mx_pop3_ask(s);

    MX_ASSERT(ask != MX_POP3_ASK_NONE && ask != MX_POP3_ASK_CLOSE);
    if (ask == MX_POP3_ASK_LOGIN) {
        s->password = (struct mx_span){0};
        memset(s->buf, 0, sizeof s->buf);
    }
    return ask;
}

void mx_pop3_answer(struct mx_pop3 *s, enum mx_answer answer)
{
    (void)close_question(s);
    MX_ASSERT((unsigned)answer < MX_ANSWERS);
    pop3_answers_take(s, answer);
}

void mx_pop3_login(struct mx_pop3 *s, struct mx_pop3_drop *drop)
{
    uint8_t ask = close_question(s);

    MX_ASSERT(ask == MX_POP3_ASK_LOGIN);
    MX_ASSERT(drop->messages <= MX_POP3_MESSAGES);
    s->drop = drop;
    pop3_walk_reset(drop);
    pop3_enter(s, R_LOGIN, MX_POP3_ASK_NONE, ST_OPEN);
}

void mx_pop3_found(struct mx_pop3 *s, uint32_t octets, uint32_t number)
{
    uint8_t ask = close_question(s);

    MX_ASSERT(ask == MX_POP3_ASK_FIND || ask == MX_POP3_ASK_OPEN);
    s->octets = octets;
    s->number = number;
    pop3_answers_found(s);
}

void mx_pop3_fill(struct mx_pop3 *s, size_t len)
{
    uint8_t ask = close_question(s);
    size_t room;

    MX_ASSERT(ask == MX_POP3_ASK_READ);
    (void)pop3_text_room(s, &room);
    MX_ASSERT(len <= room);
    if (len == 0 || pop3_text_fill(s, len)) {
        pop3_text_end(s);
        s->ask = s->top ? MX_POP3_ASK_NONE : MX_POP3_ASK_SEEN;
        s->state = s->top ? ST_OPEN : ST_ENDED;
    }
    pop3_reply_send(s);
}

void mx_pop3_end(struct mx_pop3 *s, enum mx_why why)
{
    static const uint8_t reasons[] = {
        [MX_WHY_TIMEOUT] = R_TIMEOUT, [MX_WHY_SHUTDOWN] = R_SHUTDOWN,
        [MX_WHY_EARLY] = R_BREACH,    [MX_WHY_SLOW] = R_TIMEOUT,
        [MX_WHY_LONG] = R_LONG,       [MX_WHY_EVICTED] = R_EVICTED,
        [MX_WHY_BUSY] = R_BUSY,       [MX_WHY_HANDSHAKES] = R_HANDSHAKES,
    };
    bool halfway =
        pop3_state_in(s->state, IN(ST_SIZES) | IN(ST_UIDS) | IN(ST_TEXT));
    bool mute = is_speaking(s) || halfway || s->state == ST_AIRLOCK ||
                s->state == ST_CLOSING;

    s->slow = false;
    s->said = 0;
    pop3_enter(s, mute ? R_NONE : reasons[why], MX_POP3_ASK_NONE, ST_CLOSING);
}

bool mx_pop3_logged_in(const struct mx_pop3 *s)
{
    return s->drop != NULL;
}

bool mx_pop3_busy(const struct mx_pop3 *s)
{
    return !is_listening(s);
}
