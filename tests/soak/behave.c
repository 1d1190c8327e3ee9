/* SPDX-License-Identifier: BSD-3-Clause */
#include "behave.h"

#include "platform.h"

#include <stdlib.h>
#include <string.h>

/* --- mail servers ------------------------------------------------------- */

static void begin_honest(struct visitor *v, unsigned host, struct chance *c)
{
    struct plan plan = plan_honest(c);

    sender_begin(&v->sender, &plan, host);
}

static void begin_in_clear(struct visitor *v, unsigned host, struct chance *c)
{
    struct plan plan = plan_honest(c);

    plan.tls = TALK_CLEAR;
    sender_begin(&v->sender, &plan, host);
}

/* Anywhere and by any way, but for the two that the device has to end. */
static void begin_leaver(struct visitor *v, unsigned host, struct chance *c)
{
    static const enum leaving ways[] = {BY_RESET, BY_RESET, BY_FIN,
                                        BY_VANISHING};
    struct plan plan = plan_honest(c);

    plan.leaving = ways[chance_below(c, sizeof ways / sizeof *ways)];
    plan.at = (enum phase)chance_below(c, PHASES);
    plan.after = (unsigned)chance_below(c, 5);
    sender_begin(&v->sender, &plan, host);
}

static void begin_silent(struct visitor *v, unsigned host, struct chance *c)
{
    struct plan plan = plan_honest(c);

    plan.leaving = BY_SILENCE;
    plan.at = (enum phase)chance_below(c, PHASES);
    plan.after = (unsigned)chance_below(c, 5);
    sender_begin(&v->sender, &plan, host);
}

static void begin_unfinished(struct visitor *v, unsigned host, struct chance *c)
{
    static const enum leaving ways[] = {BY_RESET, BY_FIN, BY_VANISHING,
                                        BY_SILENCE};
    struct plan plan = plan_honest(c);

    plan.leaving = ways[chance_below(c, sizeof ways / sizeof *ways)];
    plan.at = HANDSHAKE;
    plan.after = (unsigned)chance_below(c, 4);
    sender_begin(&v->sender, &plan, host);
}

static void begin_distrust(struct visitor *v, unsigned host, struct chance *c)
{
    struct plan plan = plan_honest(c);

    plan.tls = TALK_DISTRUST;
    sender_begin(&v->sender, &plan, host);
}

/* An octet now and then, so that the deadline of a command never comes. */
static void begin_loris(struct visitor *v, unsigned host, struct chance *c)
{
    struct plan plan = plan_honest(c);

    plan.tls = chance_permille(c, 500) ? TALK_CLEAR : plan.tls;
    plan.drip_ms = (uint32_t)chance_between(c, 50, 40000);
    sender_begin(&v->sender, &plan, host);
}

static bool turn_sender(struct visitor *v, struct chance *c)
{
    return sender_turn(&v->sender, c);
}

static uint64_t due_sender(const struct visitor *v)
{
    return sender_due(&v->sender);
}

/* --- scripts ------------------------------------------------------------ */

#define LINES 6

struct script {
    const char *lines[LINES]; /* each after a reply to the one before */
    size_t blob;              /* so many octets behind them, at most */
    bool text;                /* of commands; else any */
    bool early;               /* does not wait for replies */
    bool deaf;                /* from its last line on */
    uint32_t patience_s;
};

static char *blob_make(const struct script *s, size_t len, struct chance *c)
{
    static const char commands[] = "NOOP\r\nHELP\r\nVRFY joe\r\nFOO\r\n";
    char *blob = malloc(len + 1);

    if (blob == NULL) {
        give_up("no memory for %zu octets of a script", len);
    }
    chance_fill(c, blob, len);
    for (size_t i = 0; s->text && i < len; i++) {
        blob[i] = commands[i % (sizeof commands - 1)];
    }
    return blob;
}

static void begin_script(struct visitor *v, unsigned host, struct chance *c)
{
    const struct script *s = v->is->script;

    v->line = 0;
    v->blob_done = 0;
    v->blob_len = chance_below(c, s->blob + 1);
    v->blob = blob_make(s, v->blob_len, c);
    v->ends_ms = platform_now() + (uint64_t)s->patience_s * 1000;
    talk_connect(&v->sender.talk, host);
}

static bool say_line(struct visitor *v)
{
    const struct script *s = v->is->script;
    bool more = v->line < LINES && s->lines[v->line] != NULL;

    if (!more || (!s->early && talk_reply(&v->sender.talk) == 0)) {
        return false;
    }
    talk_line(&v->sender.talk, s->lines[v->line++]);
    return true;
}

static bool say_blob(struct visitor *v)
{
    const struct script *s = v->is->script;
    bool lines_left = v->line < LINES && s->lines[v->line] != NULL;
    size_t n;

    if (lines_left || v->blob_done == v->blob_len ||
        !talk_is_said(&v->sender.talk)) {
        return false;
    }
    v->sender.talk.deaf = s->deaf;
    n = talk_say_raw(&v->sender.talk, v->blob + v->blob_done,
                     v->blob_len - v->blob_done);
    v->blob_done += n;
    return n > 0;
}

static bool turn_script(struct visitor *v, struct chance *c)
{
    struct talk *t = &v->sender.talk;
    bool moved;

    do {
        moved = talk_turn(t);
        moved |= say_line(v);
        moved |= say_blob(v);
        while (v->blob_done > 0 && talk_reply(t) != 0) {
            moved = true;
        }
    } while (moved);
    if (!talk_over(t) && platform_now() < v->ends_ms) {
        return true;
    }
    free(v->blob);
    if (chance_permille(c, 500)) {
        talk_close(t);
    } else {
        talk_reset(t);
    }
    return false;
}

static uint64_t due_script(const struct visitor *v)
{
    return v->ends_ms;
}

/* clang-format off */
static const struct script
    web = {.lines = {"GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n"},
           .early = true, .patience_s = 20},
    noise = {.blob = 4000, .early = true, .patience_s = 20},
    long_line = {.lines = {"EHLO a.example\r\n", "MAIL FROM:<"},
                 .blob = 70000, .patience_s = 60},
    no_hello = {.lines = {"EHLO a.example\r\n", "STARTTLS\r\n", ""},
                .blob = 20000, .patience_s = 40},
    injection = {.lines = {"EHLO a.example\r\n", "STARTTLS\r\n"
                           "MAIL FROM:<evil@a.example>\r\n"
                           "RCPT TO:<joe@example.test>\r\n"
                           "DATA\r\nevil\r\n.\r\n"},
                 .patience_s = 40},
    clear_in_tls = {.lines = {"EHLO a.example\r\n", "STARTTLS\r\n",
                              "MAIL FROM:<evil@a.example>\r\n"},
                    .patience_s = 40},
    unheard = {.lines = {"EHLO a.example\r\n"}, .blob = 60000, .text = true,
               .deaf = true, .patience_s = 900},
    errors = {.lines = {"EHLO a.example\r\n"}, .blob = 3000, .text = true,
              .patience_s = 60};

#define SENDER turn_sender, due_sender, NULL
#define SCRIPT(script) begin_script, turn_script, due_script, &script

const struct behaviour behaviours[] = {
    /*                  weight  slow */
    {"mail",              400, false, begin_honest,     SENDER},
    {"mail in clear",      40, false, begin_in_clear,   SENDER},
    {"leaver",            200, false, begin_leaver,     SENDER},
    {"silent",             20, true,  begin_silent,     SENDER},
    {"unfinished hello",   80, true,  begin_unfinished, SENDER},
    {"distrust",           30, false, begin_distrust,   SENDER},
    {"loris",              20, true,  begin_loris,      SENDER},
    {"web",                20, false, SCRIPT(web)},
    {"noise",              40, false, SCRIPT(noise)},
    {"long line",          20, false, SCRIPT(long_line)},
    {"no hello",           60, true,  SCRIPT(no_hello)},
    {"injection",          30, false, SCRIPT(injection)},
    {"clear in TLS",       20, true,  SCRIPT(clear_in_tls)},
    {"unheard",            10, true,  SCRIPT(unheard)},
    {"errors",             10, false, SCRIPT(errors)},
};
/* clang-format on */
const unsigned behaviour_count = sizeof behaviours / sizeof *behaviours;
