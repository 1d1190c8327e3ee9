/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two tables: what a refusal is called, by answer and by what was asked about;
 * and where YES and everything else lead, by question.
 */
#include "smtp/answers.h"

#include "smtp/state.h"

/* clang-format off */
enum about { STARTTLS, MAIL, RCPT, MESSAGE, ABORT, ABOUTS };

/* What does not fit stands there as LATER. There is no refusing an ABORT. */
static const uint8_t refusals[MX_ANSWERS][ABOUTS] = {
/*                  STARTTLS     MAIL       RCPT        MESSAGE */
[MX_NO]       = {R_TLS_LATER, R_NO,      R_NO,       R_NO_MESSAGE},
[MX_NO_USER]  = {R_TLS_LATER, R_NO,      R_NO_USER,  R_NO_MESSAGE},
[MX_NO_RELAY] = {R_TLS_LATER, R_NO,      R_NO_RELAY, R_NO_MESSAGE},
[MX_BLOCKED]  = {R_TLS_LATER, R_BLOCKED, R_BLOCKED,  R_NO_MESSAGE},
[MX_TOO_BIG]  = {R_TLS_LATER, R_TOO_BIG, R_TOO_BIG,  R_TOO_BIG},
[MX_LATER]    = {R_TLS_LATER, R_LATER,   R_LATER,    R_LATER},
[MX_FULL]     = {R_TLS_LATER, R_FULL,    R_FULL,     R_FULL},
[MX_BUSY]     = {R_BUSY,      R_BUSY,    R_BUSY,     R_BUSY},
[MX_BREACH]   = {R_BREACH,    R_LATER,   R_LATER,    R_LATER},
};

/* `open`: does the host then hold a message? */
static const struct question {
    struct { uint8_t reply, next, open; } yes;
    struct { uint8_t about, next, open; } no;
} questions[] = {
/*                     YES: it is said          else: it is about */
[MX_ASK_STARTTLS] = {{R_TLS,      ST_AIRLOCK, 0}, {STARTTLS, ST_SAME,  0}},
[MX_ASK_MAIL]     = {{R_SENDER,   ST_MAIL,    1}, {MAIL,     ST_SAME,  0}},
[MX_ASK_RCPT]     = {{R_RCPT,     ST_RCPT,    1}, {RCPT,     ST_SAME,  1}},
[MX_ASK_DATA]     = {{R_TEXT,     ST_TEXT,    1}, {MESSAGE,  ST_HELLO, 0}},
[ASK_BDAT]        = {{R_NONE,     ST_SAME,    1}, {MESSAGE,  ST_HELLO, 0}},
[MX_ASK_BODY]     = {{R_NONE,     ST_SAME,    1}, {MESSAGE,  ST_HELLO, 0}},
[MX_ASK_END]      = {{R_ACCEPTED, ST_HELLO,   0}, {MESSAGE,  ST_HELLO, 0}},
[MX_ASK_ABORT]    = {{R_NONE,     ST_SAME,    0}, {ABORT,    ST_SAME,  0}},
};
/* clang-format on */

static void take_yes(struct mx_smtp *s, const struct question *q)
{
    s->rcpts = (uint16_t)(s->rcpts + (s->ask == MX_ASK_RCPT));
    s->mails = (uint16_t)(s->mails + (s->ask == MX_ASK_MAIL));
    s->open = q->yes.open;
    smtp_enter(s, q->yes.reply, MX_ASK_NONE, q->yes.next);
}

static void take_other(struct mx_smtp *s, const struct question *q,
                       enum mx_answer answer)
{
    s->open = q->no.open;
    smtp_enter(s, refusals[answer][q->no.about], MX_ASK_NONE, q->no.next);
}

void smtp_answers_take(struct mx_smtp *s, enum mx_answer answer)
{
    const struct question *q = &questions[s->ask];

    if (answer == MX_YES) {
        take_yes(s, q);
    } else {
        take_other(s, q, answer);
    }
}
