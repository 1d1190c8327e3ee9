/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every verb in every state, and every answer to every question: two tables
 * written from RFC 5321 4.1.4 and 4.3.2, RFC 3207 4, RFC 3030 and RFC 2034,
 * and from tinymx/mail.h, not from the engine's.
 */
#include "smtp_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct host host;

/* The end of the last line the server said. */
static const char *last_said(void)
{
    static char line[600];
    const char *p = host.journal.text;
    const char *last = "";

    journal_flush(&host.journal);
    host.journal.text[host.journal.len] = '\0';
    while ((p = strstr(p, "S: ")) != NULL) {
        if (p == host.journal.text || p[-1] == '\n') {
            last = p + 3;
        }
        p += 3;
    }
    snprintf(line, sizeof line, "%.*s", (int)strcspn(last, "\n"), last);
    return line;
}

static void say(const char *text)
{
    assert_int_equal(host_push(&host, text, strlen(text)), strlen(text));
}

/* --- verb x state ------------------------------------------------------- */

enum place { START, TLS, HELLO, MAIL, RCPT, BDAT, NO_TLS, PLACES };

#define SAY_MAIL "MAIL FROM:<a@b>\r\n"
#define SAY_RCPT "RCPT TO:<joe@example.test>\r\n"

static void go(enum place place)
{
    static const char *const way[PLACES] = {
        [START] = "",
        [TLS] = "",
        [HELLO] = "EHLO c\r\n",
        [MAIL] = "EHLO c\r\n" SAY_MAIL,
        [RCPT] = "EHLO c\r\n" SAY_MAIL SAY_RCPT,
        [BDAT] = "EHLO c\r\n" SAY_MAIL SAY_RCPT "BDAT 2\r\nxx",
        [NO_TLS] = "EHLO c\r\n",
    };

    host_init(&host);
    host.cfg.starttls = place != NO_TLS;
    host_begin(&host);
    if (place == TLS) {
        say("STARTTLS\r\n");
        host_handshake(&host, false);
    }
    say(way[place]);
}

/* clang-format off */
static const struct {
    const char *line;
    const char *want[PLACES];
} verbs[] = {
#define EVERYWHERE(r) {r, r, r, r, r, r, r}
#define SEQ "503 5.5.1"
/*                        START        TLS          HELLO        MAIL         RCPT         BDAT         NO_TLS */
    {"EHLO c",      EVERYWHERE("250 ENHANCEDSTATUSCODES")},
    {"HELO c",      EVERYWHERE("250 mx.example.test")},
    {"MAIL FROM:<a@b>",  {SEQ,         SEQ,         "250 2.1.0", SEQ,         SEQ,         SEQ,         "250 2.1.0"}},
    {"RCPT TO:<joe@example.test>",
                         {SEQ,         SEQ,         SEQ,         "250 2.1.5", "250 2.1.5", SEQ,         SEQ}},
    {"DATA",             {SEQ,         SEQ,         SEQ,         SEQ,         "354 ",      SEQ,         SEQ}},
    {"BDAT 0",           {SEQ,         SEQ,         SEQ,         SEQ,         "250 2.0.0", "250 2.0.0", SEQ}},
    {"BDAT 0 LAST",      {SEQ,         SEQ,         SEQ,         SEQ,         "250 2.0.0", "250 2.0.0", SEQ}},
    {"STARTTLS",         {"220 2.0.0", SEQ,         "220 2.0.0", SEQ,         SEQ,         SEQ,         "502 5.5.1"}},
    {"STARTTLS x",       {"501 5.5.4", SEQ,         "501 5.5.4", SEQ,         SEQ,         SEQ,         "502 5.5.1"}},
    {"RSET",        EVERYWHERE("250 2.0.0")},
    {"NOOP",        EVERYWHERE("250 2.0.0")},
    {"NOOP x y",    EVERYWHERE("250 2.0.0")},
    {"VRFY joe",    EVERYWHERE("252 2.5.0")},
    {"HELP",        EVERYWHERE("214 2.0.0")},
    {"QUIT",        EVERYWHERE("221 2.0.0")},
    /* arguments that are missing, or not there to be given */
    {"EHLO",        EVERYWHERE("501 5.5.4")},
    {"HELO",        EVERYWHERE("501 5.5.4")},
    {"MAIL",             {SEQ,         SEQ,         "501 5.1.7", SEQ,         SEQ,         SEQ,         "501 5.1.7"}},
    {"RCPT",             {SEQ,         SEQ,         SEQ,         "501 5.1.3", "501 5.1.3", SEQ,         SEQ}},
    {"DATA x",           {SEQ,         SEQ,         SEQ,         SEQ,         "501 5.5.4", SEQ,         SEQ}},
    {"BDAT",        EVERYWHERE("501 5.5.4")},
    {"BDAT x",      EVERYWHERE("501 5.5.4")},
    {"BDAT -1",     EVERYWHERE("501 5.5.4")},
    {"BDAT 1 END",  EVERYWHERE("501 5.5.4")},
    {"BDAT 1 LAST LAST", EVERYWHERE("501 5.5.4")},
    {"BDAT 4294967296",  EVERYWHERE("501 5.5.4")},
    {"RSET x",      EVERYWHERE("501 5.5.4")},
    {"VRFY",        EVERYWHERE("501 5.5.4")},
    {"QUIT x",      EVERYWHERE("501 5.5.4")},
    /* not done here; not commands at all */
    {"EXPN list",   EVERYWHERE("502 5.5.1")},
    {"AUTH PLAIN",  EVERYWHERE("502 5.5.1")},
    {"TURN",        EVERYWHERE("502 5.5.1")},
    {"ETRN x",      EVERYWHERE("502 5.5.1")},
    {"ATRN x",      EVERYWHERE("502 5.5.1")},
    {"SEND x",      EVERYWHERE("502 5.5.1")},
    {"SOML x",      EVERYWHERE("502 5.5.1")},
    {"SAML x",      EVERYWHERE("502 5.5.1")},
    {"",            EVERYWHERE("500 5.5.2")},
    {"XYZZY",       EVERYWHERE("500 5.5.2")},
    {"EHL c",       EVERYWHERE("500 5.5.2")},
    {"EHLOO c",     EVERYWHERE("500 5.5.2")},
    {"QUIT\n",      EVERYWHERE("500 5.5.2")},
#undef SEQ
};
/* clang-format on */

static void flip_case(char *line)
{
    for (; *line != '\0' && *line != ' '; line++) {
        if (*line >= 'A' && *line <= 'Z') {
            *line = (char)(*line | 0x20);
        }
    }
}

static void check_verb(size_t row, enum place place, bool flip)
{
    char line[80];
    const char *want = verbs[row].want[place];

    snprintf(line, sizeof line, "%s\r\n", verbs[row].line);
    if (flip) {
        flip_case(line);
    }
    go(place);
    say(line);
    if (strncmp(last_said(), want, strlen(want)) != 0) {
        fail_msg("place %d, \"%s\": \"%s\", not \"%s\"", place, verbs[row].line,
                 last_said(), want);
    }
}

static void every_verb_everywhere(void **state)
{
    (void)state;
    for (size_t row = 0; row < COUNT(verbs); row++) {
        for (int place = 0; place < PLACES; place++) {
            check_verb(row, (enum place)place, false);
            check_verb(row, (enum place)place, true);
        }
    }
}

/* A refused command changes nothing: what could be done before still can. */
static void refusals_change_nothing(void **state)
{
    /* clang-format off */
    static const char *const next[PLACES] = {
        [START] = "EHLO c\r\n",  [TLS] = "EHLO c\r\n",  [HELLO] = SAY_MAIL,
        [MAIL] = SAY_RCPT,       [RCPT] = SAY_RCPT,     [BDAT] = "BDAT 0\r\n",
        [NO_TLS] = SAY_MAIL,
    };
    /* clang-format on */

    (void)state;
    for (size_t row = 0; row < COUNT(verbs); row++) {
        for (int place = 0; place < PLACES; place++) {
            if (verbs[row].want[place][0] != '5') {
                continue;
            }
            check_verb(row, (enum place)place, false);
            if (host.closed) { /* a chunk of unknown size */
                assert_memory_equal(verbs[row].line, "BDAT", 4);
                continue;
            }
            say(next[place]);
            assert_memory_equal(last_said(), "250", 3);
        }
    }
}

/* --- answer x question -------------------------------------------------- */

/* clang-format off */
static const struct {
    enum mx_smtp_ask ask;
    const char *way; /* from HELLO to the reply that the answer makes */
    const char *want[MX_ANSWERS];
} questions[] = {
#define MSG(yes)                                                               \
    {[MX_YES] = yes, [MX_NO] = "554 5.7.1", [MX_NO_USER] = "554 5.7.1",        \
     [MX_NO_RELAY] = "554 5.7.1", [MX_BLOCKED] = "554 5.7.1", [MX_TOO_BIG] = "552 5.3.4",                  \
     [MX_LATER] = "451 4.3.0", [MX_FULL] = "452 4.3.1",                        \
     [MX_BUSY] = "421 4.3.2", [MX_BREACH] = "451 4.3.0"}
    {MX_ASK_STARTTLS, "STARTTLS\r\n",
     {[MX_YES] = "220 2.0.0", [MX_NO] = "454 4.7.0", [MX_NO_USER] = "454 4.7.0",
      [MX_NO_RELAY] = "454 4.7.0", [MX_BLOCKED] = "454 4.7.0", [MX_TOO_BIG] = "454 4.7.0",
      [MX_LATER] = "454 4.7.0", [MX_FULL] = "454 4.7.0",
      [MX_BUSY] = "421 4.3.2", [MX_BREACH] = "554 5.5.0"}},
    {MX_ASK_MAIL, SAY_MAIL,
     {[MX_YES] = "250 2.1.0", [MX_NO] = "550 5.7.1", [MX_NO_USER] = "550 5.7.1",
      [MX_NO_RELAY] = "550 5.7.1", [MX_BLOCKED] = "554 5.7.1", [MX_TOO_BIG] = "552 5.3.4",
      [MX_LATER] = "451 4.3.0", [MX_FULL] = "452 4.3.1",
      [MX_BUSY] = "421 4.3.2", [MX_BREACH] = "451 4.3.0"}},
    {MX_ASK_RCPT, SAY_MAIL SAY_RCPT,
     {[MX_YES] = "250 2.1.5", [MX_NO] = "550 5.7.1", [MX_NO_USER] = "550 5.1.1",
      [MX_NO_RELAY] = "550 5.7.1", [MX_BLOCKED] = "554 5.7.1", [MX_TOO_BIG] = "552 5.3.4",
      [MX_LATER] = "451 4.3.0", [MX_FULL] = "452 4.3.1",
      [MX_BUSY] = "421 4.3.2", [MX_BREACH] = "451 4.3.0"}},
    {MX_ASK_DATA, SAY_MAIL SAY_RCPT "DATA\r\n", MSG("354 ")},
    {MX_ASK_DATA, SAY_MAIL SAY_RCPT "BDAT 2\r\nxx", MSG("250 2.0.0")},
    {MX_ASK_DATA, SAY_MAIL SAY_RCPT "BDAT 0\r\n", MSG("250 2.0.0")},
    {MX_ASK_DATA, SAY_MAIL SAY_RCPT "BDAT 0 LAST\r\n", MSG("250 2.0.0")},
    {MX_ASK_BODY, SAY_MAIL SAY_RCPT "DATA\r\nxx\r\n.\r\n", MSG("250 2.0.0")},
    {MX_ASK_BODY, SAY_MAIL SAY_RCPT "BDAT 2\r\nxx", MSG("250 2.0.0")},
    {MX_ASK_BODY, SAY_MAIL SAY_RCPT "BDAT 2 LAST\r\nxx", MSG("250 2.0.0")},
    {MX_ASK_END, SAY_MAIL SAY_RCPT "DATA\r\n.\r\n", MSG("250 2.0.0")},
    {MX_ASK_END, SAY_MAIL SAY_RCPT "BDAT 1 LAST\r\nx", MSG("250 2.0.0")},
#undef MSG
};
/* clang-format on */

static void check_answer(size_t row, enum mx_answer answer)
{
    const char *want = questions[row].want[answer];
    struct host_script *script;

    go(HELLO);
    script = &host.scripts[questions[row].ask];
    script->answers[0] = (uint8_t)answer;
    script->count = 1;
    say(questions[row].way);
    if (strncmp(last_said(), want, strlen(want)) != 0) {
        fail_msg("question %zu, answer %d: \"%s\", not \"%s\"", row, answer,
                 last_said(), want);
    }
    /* 421 and the breach close; after those nothing is open at the host */
    assert_int_equal(host.closed, strncmp(want, "421", 3) == 0 ||
                                      strncmp(want, "554 5.5.0", 9) == 0);
    assert_false(host.closed && host.open);
}

static void every_answer_to_every_question(void **state)
{
    (void)state;
    for (size_t row = 0; row < COUNT(questions); row++) {
        for (int answer = 0; answer < MX_ANSWERS; answer++) {
            check_answer(row, (enum mx_answer)answer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verb_everywhere),
        cmocka_unit_test(refusals_change_nothing),
        cmocka_unit_test(every_answer_to_every_question),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
