/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counts where a transcript is too long or cannot see: a hundred recipients,
 * which replies are held back, counters at their top. The rest is in
 * tests/transcripts/count_*.txt.
 */
#include "smtp_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct host host;

static void say(const char *text)
{
    size_t len = strlen(text);

    assert_int_equal(host_push(&host, text, len), len);
}

/* The last line of the log. */
static const char *last(void)
{
    const char *line;

    journal_flush(&host.journal);
    assert_true(host.journal.len > 0);
    host.journal.text[host.journal.len - 1] = '\0';
    line = strrchr(host.journal.text, '\n');
    host.journal.text[host.journal.len - 1] = '\n';
    return line != NULL ? line + 1 : host.journal.text;
}

static void hears(const char *begin)
{
    assert_memory_equal(last(), begin, strlen(begin));
}

static void begin(void)
{
    host_begin(&host);
    say("HELO c\r\nMAIL FROM:<a@b>\r\n");
}

/* RFC 5321 4.5.3.1.8: a hundred at least; 4.5.3.1.10: 452 beyond, and those who
 * were accepted get the message. */
static void hundred_recipients(void **state)
{
    char line[40];

    (void)state;
    host_init(&host);
    begin();
    for (int i = 0; i < 100; i++) {
        snprintf(line, sizeof line, "RCPT TO:<n%d@example.test>\r\n", i);
        say(line);
        hears("S: 250 2.1.5");
    }
    for (int i = 0; i < 3; i++) {
        say("RCPT TO:<late@example.test>\r\n");
        hears("S: 452 4.5.3");
    }
    say("DATA\r\n");
    hears("S: 354");
    say("x\r\n.\r\n");
    hears("S: 250 2.0.0");
}

/* Counters stay at their top: after 300 nothing begins anew, and without a limit
 * nothing ends. */
static void counters_saturate(void **state)
{
    (void)state;
    host_init(&host);
    begin();
    host.scripts[MX_ASK_RCPT] = (struct host_script){{MX_NO_USER}, 1, 0};
    for (int i = 0; i < 300; i++) {
        host.journal.len = 0;
        say("XYZZY\r\nNOOP\r\nRCPT TO:<c@d>\r\n");
        assert_false(host.closed);
        assert_false(mx_smtp_wants_delay(&host.smtp));
    }
    assert_int_equal(host.smtp.errors, UINT8_MAX);
    assert_int_equal(host.smtp.idle, UINT8_MAX);
    assert_int_equal(host.smtp.unknown, UINT8_MAX);
}

/* --- which replies are held back ---------------------------------------- */

static struct mx_smtp s;

/* Is the reply to `text` to be held back? */
static bool is_delayed(const char *text, enum mx_answer answer)
{
    bool delayed;
    size_t len;

    assert_int_equal(mx_smtp_push(&s, text, strlen(text)), strlen(text));
    if (mx_smtp_ask(&s) != MX_ASK_NONE) {
        mx_smtp_answer(&s, answer);
    }
    delayed = mx_smtp_wants_delay(&s);
    (void)mx_smtp_out_buf(&s, &len);
    mx_smtp_out_ack(&s, 1);
    assert_false(mx_smtp_wants_delay(&s));
    mx_smtp_out_ack(&s, len - 1);
    return delayed;
}

#define RCPT "RCPT TO:<joe@example.test>\r\n"

static void unknown_are_delayed(void **state)
{
    static const struct mx_smtp_config cfg = {
        .mx_name = "mx.example.test",
        .max_message = 1000,
        .max_rcpt = 100,
        .max_unknown = 2,
    };
    static const struct mx_tls_facts facts = {.version = "TLSv1.3"};

    (void)state;
    for (int session = 0; session < 2; session++) {
        mx_smtp_init(&s, &cfg, &facts, false);
        assert_false(is_delayed("HELO c\r\n", MX_YES));
        assert_false(is_delayed("MAIL FROM:<>\r\n", MX_YES));
        assert_false(is_delayed(RCPT, MX_NO_USER));
        assert_false(is_delayed(RCPT, MX_NO_RELAY));
        assert_false(is_delayed(RCPT, MX_NO_USER));
        assert_true(is_delayed(RCPT, MX_NO_USER));
        assert_false(is_delayed(RCPT, MX_YES));
        assert_false(is_delayed("NOOP\r\n", MX_YES));
        assert_true(is_delayed(RCPT, MX_NO_USER));
        assert_false(is_delayed(RCPT, MX_NO_USER)); /* 421: at once */
        assert_int_equal(mx_smtp_ask(&s), MX_ASK_ABORT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hundred_recipients),
        cmocka_unit_test(counters_saturate),
        cmocka_unit_test(unknown_are_delayed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
