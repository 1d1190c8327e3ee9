/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a refusal is called, by question and answer, and where it leads; and
 * what a message that was found is wanted for.
 *
 * In the middle of a listing or a text there is no saying that something went
 * wrong: what has no end was not received (RFC 1939 3), so the connection is
 * closed there.
 */
#include "pop3/answers.h"

#include "pop3/state.h"
#include "pop3/text.h"
#include "pop3/walk.h"
#include "util/assert.h"

/* --- not yes ------------------------------------------------------------ */

/* clang-format off */
static const struct refusal { uint8_t no, busy, other, next; } refusals[] = {
/*                       NO          BUSY      else       state */
[MX_POP3_ASK_STLS]  = {R_LATER,    R_BUSY,   R_LATER,   ST_SAME},
[MX_POP3_ASK_LOGIN] = {R_NO_LOGIN, R_IN_USE, R_LATER,   ST_GREETED},
[MX_POP3_ASK_FIND]  = {R_LATER,    R_LATER,  R_LATER,   ST_OPEN},
[MX_POP3_ASK_OPEN]  = {R_DAMAGED,  R_LATER,  R_LATER,   ST_OPEN},
};
/* clang-format on */

static bool is_halfway(const struct mx_pop3 *s)
{
    return s->ask == MX_POP3_ASK_READ ||
           pop3_state_in(s->state, IN(ST_SIZES) | IN(ST_UIDS));
}

static enum pop3_reply login_failed(struct mx_pop3 *s)
{
    s->logins++;
    s->slow = true;
    return s->logins < s->cfg->max_logins ? R_NO_LOGIN : R_LOGIN_MAX;
}

static enum pop3_reply refuse(struct mx_pop3 *s, enum mx_answer answer)
{
    const struct refusal *r = &refusals[s->ask];

    switch (answer) {
    case MX_NO:
        return r->no == R_NO_LOGIN ? login_failed(s) : r->no;
    case MX_BUSY:
        return r->busy;
    case MX_BREACH:
        return s->ask == MX_POP3_ASK_STLS ? R_BREACH : r->other;
    default:
        return r->other;
    }
}

static void take_other(struct mx_pop3 *s, enum mx_answer answer)
{
    if (s->ask == MX_POP3_ASK_DELETE) {
        s->failed = true;
        pop3_walk_on(s);
    } else if (s->ask == MX_POP3_ASK_SEEN) {
        pop3_enter(s, R_NONE, MX_POP3_ASK_NONE, ST_OPEN);
    } else if (is_halfway(s)) {
        pop3_enter(s, R_NONE, MX_POP3_ASK_NONE, ST_CLOSING);
    } else {
        pop3_enter(s, refuse(s, answer), MX_POP3_ASK_NONE,
                   refusals[s->ask].next);
    }
}

/* --- yes ---------------------------------------------------------------- */

void pop3_answers_take(struct mx_pop3 *s, enum mx_answer answer)
{
    if (answer == MX_YES && s->ask == MX_POP3_ASK_STLS) {
        pop3_enter(s, R_TLS, MX_POP3_ASK_NONE, ST_AIRLOCK);
    } else if (answer == MX_YES && s->ask == MX_POP3_ASK_DELETE) {
        pop3_walk_on(s);
    } else {
        take_other(s, answer);
    }
}

void pop3_answers_found(struct mx_pop3 *s)
{
    switch (s->state) {
    case ST_SIZE:
        pop3_enter(s, R_SIZE, MX_POP3_ASK_NONE, ST_OPEN);
        break;
    case ST_UID:
        pop3_enter(s, R_UID, MX_POP3_ASK_NONE, ST_OPEN);
        break;
    case ST_MARK:
        pop3_walk_mark(s);
        pop3_enter(s, R_MARKED, MX_POP3_ASK_NONE, ST_OPEN);
        break;
    case ST_TEXT:
        pop3_text_begin(s);
        pop3_enter(s, s->top ? R_TOP : R_TEXT, MX_POP3_ASK_READ, ST_SAME);
        break;
    default:
        pop3_walk_on(s);
        break;
    }
}
