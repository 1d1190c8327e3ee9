/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When the peer has to be silent: before the greeting is sent, and before the
 * reply to a command that has to be the last of its group. From RFC 2920 3.1,
 * RFC 3207 4, RFC 3030 4.2 and RFC 4954 4, not from the engine's table.
 */
#include "tinymx/smtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct mx_smtp_config config = {
    .mx_name = "mx.example.test",
    .max_message = 100000,
    .max_rcpt = 100,
    .starttls = true,
};
static const struct mx_tls_facts facts = {.version = "TLSv1.3", .cipher = "X"};

static struct mx_smtp s;
static enum mx_answer last_answer; /* to the question of the last command */

/* Sends what is to be said, but for the reply to the last byte. */
static bool speaks(size_t left)
{
    size_t len;

    (void)mx_smtp_out_buf(&s, &len);
    if (len > 0 && left > 0) {
        mx_smtp_out_ack(&s, len);
        return true;
    }
    return false;
}

static void say(const char *text)
{
    size_t left = strlen(text);

    for (;;) {
        size_t used;

        if (speaks(left)) {
            continue;
        }
        if (mx_smtp_ask(&s) != MX_ASK_NONE) {
            mx_smtp_answer(&s, left > 0 ? MX_YES : last_answer);
            continue;
        }
        used = mx_smtp_push(&s, text, left);
        text += used;
        left -= used;
        if (used == 0) {
            break;
        }
    }
    assert_int_equal(left, 0);
}

#define OPEN "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"

/* clang-format off */
static const struct {
    const char *text; /* it is about the reply to its end */
    bool silence;
    enum mx_answer answer;
} rows[] = {
    {"EHLO c\r\n",                  true,  MX_YES},
    {"HELO c\r\n",                  true,  MX_YES},
    {"EHLO\r\n",                    true,  MX_YES},
    {OPEN "DATA\r\n",               true,  MX_YES},
    {OPEN "DATA\r\n",               true,  MX_LATER},
    {"DATA\r\n",                    true,  MX_YES}, /* 503 */
    {"STARTTLS\r\n",                true,  MX_YES},
    {"STARTTLS\r\n",                true,  MX_LATER},
    {"STARTTLS\r\n",                false, MX_BREACH}, /* it is over anyway */
    {"STARTTLS\r\n",                false, MX_BUSY},
    {"STARTTLS x\r\n",              true,  MX_YES},
    {"NOOP\r\n",                    true,  MX_YES},
    {OPEN "noop\r\n",               true,  MX_YES},
    {"VRFY joe\r\n",                true,  MX_YES},
    {"EXPN joe\r\n",                true,  MX_YES},
    {"HELP\r\n",                    true,  MX_YES},
    {"TURN\r\n",                    true,  MX_YES},
    {"ETRN x\r\n",                  true,  MX_YES},
    {"AUTH PLAIN\r\n",              true,  MX_YES},
    {"QUIT\r\n",                    true,  MX_YES},
    /* may stand anywhere in a group */
    {"EHLO c\r\nMAIL FROM:<>\r\n",  false, MX_YES},
    {"EHLO c\r\nMAIL FROM:<>\r\n",  false, MX_NO},
    {"MAIL FROM:<>\r\n",            false, MX_YES}, /* 503 */
    {OPEN,                          false, MX_YES},
    {OPEN,                          false, MX_NO_USER},
    {"RSET\r\n",                    false, MX_YES},
    {OPEN "RSET\r\n",               false, MX_YES},
    {OPEN "BDAT 1\r\nx",            false, MX_YES},
    {OPEN "BDAT 1 LAST\r\nx",       false, MX_YES},
    {"BDAT 1\r\nx",                 false, MX_YES}, /* 503 */
    {"SEND FROM:<>\r\n",            false, MX_YES},
    /* the text is the first of the next group */
    {OPEN "DATA\r\nx\r\n.\r\n",     false, MX_YES},
    {OPEN "DATA\r\nx\r\n.\r\n",     false, MX_LATER},
    {OPEN "DATA\r\nx\n\r\n.\r\n",   false, MX_YES},
    /* nobody knows what it is; the error is counted */
    {"\r\n",                        false, MX_YES},
    {"XYZZY\r\n",                   false, MX_YES},
    {"NOOP\nQUIT\r\n",              false, MX_YES},
    {"NOOP\r\nXYZZY\r\n",           false, MX_YES},
};
/* clang-format on */

static void commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s", rows[i].text);
        last_answer = rows[i].answer;
        mx_smtp_init(&s, &config, NULL, false);
        say(rows[i].text);
        assert_int_equal(mx_smtp_wants_silence(&s), rows[i].silence);
        mx_smtp_out_ack(&s, 1);
        assert_false(mx_smtp_wants_silence(&s)); /* too late to see it */
    }
}

static void greeting(void **state)
{
    size_t len;

    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        mx_smtp_init(&s, &config, tls ? &facts : NULL, true);
        assert_true(mx_smtp_wants_silence(&s));
        mx_smtp_out_ack(&s, 1);
        assert_false(mx_smtp_wants_silence(&s));
    }
    mx_smtp_init(&s, &config, &facts, false);
    assert_null(mx_smtp_out_buf(&s, &len));
    assert_false(mx_smtp_wants_silence(&s));
}

/* Whatever was going to be said, 554 is said, once, and nothing more is. */
static void offence(void **state)
{
    static const char want[] = "554 5.5.0 ";

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *out;
        size_t len;

        if (!rows[i].silence || strcmp(rows[i].text, "STARTTLS\r\n") == 0) {
            continue; /* that one is asked about: MX_BREACH */
        }
        last_answer = rows[i].answer;
        mx_smtp_init(&s, &config, NULL, false);
        say(rows[i].text);
        mx_smtp_end(&s, MX_WHY_EARLY);
        assert_false(mx_smtp_wants_silence(&s));
        out = mx_smtp_out_buf(&s, &len);
        assert_memory_equal(out, want, strlen(want));
        mx_smtp_out_ack(&s, len);
        assert_int_equal(mx_smtp_ask(&s), MX_ASK_CLOSE);
        assert_int_equal(mx_smtp_push(&s, "QUIT\r\n", 6), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test(greeting),
        cmocka_unit_test(offence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
