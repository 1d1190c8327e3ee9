/* SPDX-License-Identifier: BSD-3-Clause */
#include "sender.h"

#include "ledger.h"
#include "platform.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 5321 4.5.3.2: five minutes a command, ten for the end of the text; and
 * no session is worth more than an hour and a half of a sender's time. */
#define COMMAND_MS (300u * 1000)
#define END_MS (600u * 1000)
#define SESSION_MS (5400u * 1000)

struct sender_stats sender_stats;

static void enter(struct sender *s, enum phase phase)
{
    s->phase = phase;
    s->since_ms = platform_now();
    sender_stats.reached[phase]++;
}

/* --- the message under way ---------------------------------------------- */

static bool is_ended(const struct sender *s)
{
    return s->wire != NULL && s->wire_done == s->wire_len;
}

/* What the sender knows of it, when that is all it will ever know. */
static void end_attempt(struct sender *s, enum fate fate, struct chance *c)
{
    if (s->attempt >= 0) {
        ledger_end(s->attempt, fate,
                   platform_now() + chance_between(c, 60000, 900000));
    }
    s->attempt = -1;
    free(s->wire);
    s->wire = NULL;
}

/* Chunks of BDAT with their commands, all of them at once (RFC 3030). */
static char *chunked(const char *text, size_t len, size_t *wire_len,
                     unsigned *chunks, struct chance *c)
{
    char *wire = malloc(len + 8 * 32);
    size_t at = 0;
    size_t done = 0;
    bool last;

    if (wire == NULL) {
        give_up("no memory for a text of %zu", len);
    }
    *chunks = 0;
    do {
        size_t rest = len - done;
        size_t n;

        last = *chunks == 6 || chance_permille(c, 400);
        n = last ? rest : chance_below(c, rest + 1);
        at += (size_t)sprintf(wire + at, "BDAT %zu%s\r\n", n,
                              last ? " LAST" : "");
        memcpy(wire + at, text + done, n);
        at += n;
        done += n;
        ++*chunks;
    } while (!last);
    *wire_len = at;
    return wire;
}

static bool by_bdat(const struct sender *s)
{
    return text_is_binary(ledger_message(s->attempt));
}

static void load(struct sender *s, struct chance *c)
{
    size_t len;
    char *text = text_make(ledger_message(s->attempt), &len);

    s->replies = 1;
    s->wire = by_bdat(s) ? chunked(text, len, &s->wire_len, &s->replies, c)
                         : text_stuffed(text, len, &s->wire_len);
    s->wire_done = 0;
    free(text);
}

/* --- what is said in each phase, and what is wanted in reply ------------- */

static void say_ehlo(struct sender *s)
{
    talk_line(&s->talk, "EHLO sender.example\r\n");
}

static void say_starttls(struct sender *s)
{
    talk_line(&s->talk, "STARTTLS\r\n");
}

static void say_rcpt(struct sender *s)
{
    talk_line(&s->talk, "RCPT TO:<joe@example.test>\r\n");
}

static void say_data(struct sender *s)
{
    if (!by_bdat(s)) {
        talk_line(&s->talk, "DATA\r\n");
    }
}

static void say_mail(struct sender *s)
{
    char line[128];

    (void)snprintf(line, sizeof line,
                   "MAIL FROM:<a%d@sender.example> BODY=8BITMIME\r\n",
                   s->attempt);
    talk_line(&s->talk, line);
    if (s->plan.pipelining) {
        say_rcpt(s);
        say_data(s);
    }
}

static void say_quit(struct sender *s)
{
    talk_line(&s->talk, "QUIT\r\n");
}

/* --- from phase to phase ------------------------------------------------ */

/* The next message, if there is one. */
static void take_mail(struct sender *s)
{
    if (s->mails < s->plan.mails) {
        s->attempt = ledger_begin();
        s->mails++;
    }
}

static void begin_mail(struct sender *s)
{
    if (s->attempt >= 0) {
        enter(s, MAIL);
        say_mail(s);
    } else {
        enter(s, QUIT);
        say_quit(s);
    }
}

static void after_hello(struct sender *s)
{
    if (s->phase == GREETED && s->plan.tls != TALK_CLEAR) {
        enter(s, STARTTLS);
        say_starttls(s);
    } else {
        begin_mail(s);
    }
}

static void after_greeting(struct sender *s)
{
    enter(s, GREETED);
    say_ehlo(s);
}

static void after_starttls(struct sender *s)
{
    enter(s, HANDSHAKE);
    talk_secure(&s->talk, s->plan.tls, s->plan.resume, s->plan.p256);
}

static void after_data(struct sender *s)
{
    enter(s, TEXT);
}

static void after_mail(struct sender *s)
{
    enter(s, RCPT);
    if (!s->plan.pipelining) {
        say_rcpt(s);
    }
}

static void after_rcpt(struct sender *s)
{
    enter(s, DATA);
    if (!s->plan.pipelining) {
        say_data(s);
    }
    if (by_bdat(s)) {
        after_data(s);
    }
}

static void after_quit(struct sender *s)
{
    sender_stats.complete++;
    talk_bye(&s->talk);
    enter(s, CLOSING);
}

/* The class of the reply that leads on. */
static const struct {
    int wanted;
    void (*next)(struct sender *s);
} on_reply[PHASES] = {
    [CONNECTING] = {2, after_greeting}, [GREETED] = {2, after_hello},
    [STARTTLS] = {2, after_starttls},   [HELLO] = {2, after_hello},
    [MAIL] = {2, after_mail},           [RCPT] = {2, after_rcpt},
    [DATA] = {3, after_data},           [QUIT] = {2, after_quit},
};

/* One to each chunk, or the one to the final dot. False: not as hoped. */
static bool take_end(struct sender *s, int code, struct chance *c)
{
    s->replies--;
    if (code / 100 != 2) {
        end_attempt(s, REFUSED, c);
        return false;
    }
    if (s->replies == 0) {
        if (!is_ended(s)) {
            give_up("250 to a message that has not ended");
        }
        end_attempt(s, ACCEPTED, c);
        take_mail(s);
        begin_mail(s);
    }
    return true;
}

/* False: with that reply there is no going on. */
static bool take_reply(struct sender *s, int code, struct chance *c)
{
    sender_stats.busy += code == 421;
    if (s->phase == TEXT || s->phase == REPLY) {
        return take_end(s, code, c);
    }
    if (on_reply[s->phase].next == NULL ||
        code / 100 != on_reply[s->phase].wanted) {
        end_attempt(s, NOT_ENDED, c);
        return false;
    }
    on_reply[s->phase].next(s);
    return true;
}

/* --- a turn ------------------------------------------------------------- */

static bool stream(struct sender *s)
{
    size_t n =
        talk_say(&s->talk, s->wire + s->wire_done, s->wire_len - s->wire_done);

    s->wire_done += n;
    if (is_ended(s)) {
        enter(s, REPLY);
    }
    if (n > 0) {
        s->since_ms = platform_now();
    }
    return n > 0;
}

static bool step(struct sender *s, struct chance *c, bool *ok)
{
    bool moved = talk_turn(&s->talk);
    int code;

    while (*ok && (code = talk_reply(&s->talk)) != 0) {
        *ok = take_reply(s, code, c);
        moved = true;
    }
    if (*ok && s->phase == HANDSHAKE && talk_is_secure(&s->talk)) {
        enter(s, HELLO);
        say_ehlo(s);
        moved = true;
    }
    if (*ok && s->phase == TEXT) {
        if (s->wire == NULL) {
            load(s, c);
        }
        moved |= stream(s);
    }
    return moved;
}

/* --- the end ------------------------------------------------------------ */

static bool leave(struct sender *s, enum leaving how, struct chance *c)
{
    static void (*const ways[LEAVINGS])(struct talk *) = {
        [BY_QUIT] = talk_close,       [BY_RESET] = talk_reset,
        [BY_FIN] = talk_close,        [BY_SILENCE] = talk_reset,
        [BY_VANISHING] = talk_vanish,
    };

    end_attempt(s, is_ended(s) ? UNKNOWN : NOT_ENDED, c);
    ways[how](&s->talk);
    return false;
}

/* When it gives up. Who is slow or silent by design waits for the device to do
 * so first. */
static uint64_t patience_ends(const struct sender *s)
{
    uint64_t session = s->opened_ms + SESSION_MS;
    uint64_t phase = s->since_ms + (s->phase == REPLY ? END_MS : COMMAND_MS);

    return s->silent || s->plan.drip_ms != 0 || session < phase ? session
                                                                : phase;
}

/* Here it leaves: now, or by saying nothing any more. */
static bool is_time(struct sender *s, bool moved)
{
    if (s->plan.leaving == BY_QUIT || s->phase != s->plan.at) {
        return false;
    }
    if (s->plan.after > 0) {
        s->plan.after -= moved;
        return false;
    }
    s->silent = s->plan.leaving == BY_SILENCE;
    return !s->silent;
}

void sender_begin(struct sender *s, const struct plan *plan, unsigned host)
{
    *s = (struct sender){.plan = *plan, .attempt = -1};
    talk_connect(&s->talk, host);
    s->talk.drip_ms = plan->drip_ms;
    s->opened_ms = platform_now();
    sender_stats.sessions++;
    take_mail(s);
    enter(s, CONNECTING);
}

bool sender_turn(struct sender *s, struct chance *c)
{
    bool ok = true;
    bool moved = true;

    while (moved && !s->silent) {
        moved = step(s, c, &ok);
        if (!ok) {
            return leave(s, BY_QUIT, c);
        }
        if (is_time(s, moved)) {
            return leave(s, s->plan.leaving, c);
        }
    }
    if (talk_over(&s->talk)) {
        return leave(s, BY_QUIT, c);
    }
    if (platform_now() >= patience_ends(s)) {
        return leave(s, BY_RESET, c);
    }
    return true;
}

uint64_t sender_due(const struct sender *s)
{
    uint64_t due = patience_ends(s);

    return s->talk.drip_ms != 0 && !talk_is_said(&s->talk) &&
                   s->talk.drip_at_ms < due
               ? s->talk.drip_at_ms
               : due;
}

struct plan plan_honest(struct chance *c)
{
    return (struct plan){
        .tls = chance_permille(c, 300) ? TALK_TLS_1_2 : TALK_TLS_1_3,
        .resume = chance_permille(c, 600),
        .p256 = chance_permille(c, 700),
        .pipelining = chance_permille(c, 500),
        .mails = (unsigned)chance_between(c, 1, 4),
    };
}
