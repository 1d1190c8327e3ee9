/* SPDX-License-Identifier: BSD-3-Clause */
/* The engine as a whole: the airlock, the three moods, the shared buffer, the
 * largest of everything. */
#include "smtp_host.h"

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
static struct host host;

/* --- a host made by hand, to look between the steps --------------------- */

static size_t push(const char *text)
{
    return mx_smtp_push(&s, text, strlen(text));
}

/* The whole of what is being said begins with `text`; sends it. */
static void hear(const char *text)
{
    size_t len;
    const char *out = mx_smtp_out_buf(&s, &len);

    assert_non_null(out);
    assert_true(len >= strlen(text) && len <= MX_LINE_MAX);
    assert_memory_equal(out, text, strlen(text));
    assert_memory_equal(out + len - 2, "\r\n", 2);
    mx_smtp_out_ack(&s, len);
    assert_null(mx_smtp_out_buf(&s, &len));
    assert_int_equal(len, 0);
}

static void asked(enum mx_smtp_ask ask)
{
    size_t len;

    assert_null(mx_smtp_out_buf(&s, &len));
    assert_int_equal(mx_smtp_ask(&s), ask);
    assert_int_equal(push("QUIT\r\n"), 0);
}

static void say(const char *text)
{
    assert_int_equal(push(text), strlen(text));
}

static void greet(void)
{
    mx_smtp_init(&s, &config, NULL, false);
    hear("220 mx.example.test ESMTP");
    say("EHLO c.example\r\n");
    hear("250-mx.example.test\r\n");
}

static void open_message(void)
{
    say("MAIL FROM:<a@b>\r\n");
    asked(MX_ASK_MAIL);
    mx_smtp_answer(&s, MX_YES);
    hear("250 2.1.0");
    say("RCPT TO:<joe@example.test>\r\n");
    asked(MX_ASK_RCPT);
    mx_smtp_answer(&s, MX_YES);
    hear("250 2.1.5");
}

static void open_text(void)
{
    open_message();
    say("DATA\r\n");
    asked(MX_ASK_DATA);
    mx_smtp_answer(&s, MX_YES);
    hear("354");
}

/* --- the airlock -------------------------------------------------------- */

static void init_leaves_nothing(void **state)
{
    static struct mx_smtp clean;
    static struct mx_smtp dirty;

    (void)state;
    for (int greeted = 0; greeted < 2; greeted++) {
        for (int tls = 0; tls < 2; tls++) {
            memset(&clean, 0, sizeof clean);
            memset(&dirty, 0xa5, sizeof dirty);
            mx_smtp_init(&clean, &config, tls ? &facts : NULL, greeted);
            mx_smtp_init(&dirty, &config, tls ? &facts : NULL, greeted);
            assert_memory_equal(&clean, &dirty, sizeof clean);
        }
    }
}

static void handshake_forgets_all(void **state)
{
    static struct mx_smtp fresh;

    (void)state;
    mx_smtp_init(&fresh, &config, &facts, false);
    greet();
    open_text();
    say("body"); /* asked for it: as much state as there can be */
    mx_smtp_init(&s, &config, &facts, false);
    assert_memory_equal(&s, &fresh, sizeof s);
    assert_string_equal(mx_smtp_helo(&s), "");
    assert_int_equal(mx_smtp_flags(&s), 0);
    assert_false(mx_smtp_in_transaction(&s));
}

static void greeting_inside_tls(void **state)
{
    size_t len;

    (void)state;
    mx_smtp_init(&s, &config, &facts, false);
    assert_null(mx_smtp_out_buf(&s, &len));
    mx_smtp_init(&s, &config, &facts, true);
    hear("220 mx.example.test ESMTP");
}

static void airlock_takes_nothing(void **state)
{
    (void)state;
    greet();
    assert_int_equal(push("STARTTLS\r\nQUIT\r\n"), 10);
    asked(MX_ASK_STARTTLS);
    mx_smtp_answer(&s, MX_YES);
    assert_int_equal(push("QUIT\r\n"), 0);
    hear("220 2.0.0");
    for (int i = 0; i < 100; i++) {
        assert_int_equal(push("QUIT\r\n"), 0);
        asked(MX_ASK_NONE);
    }
    /* nor does it say anything in clear, even at the end */
    mx_smtp_end(&s, MX_WHY_TIMEOUT);
    asked(MX_ASK_CLOSE);
}

/* --- moods -------------------------------------------------------------- */

static void speaks_before_it_asks(void **state)
{
    size_t len;

    (void)state;
    greet();
    open_message();
    say("QUIT\r\n");
    mx_smtp_out_buf(&s, &len);
    while (len > 0) {
        assert_int_equal(mx_smtp_ask(&s), MX_ASK_NONE);
        assert_int_equal(push("x"), 0);
        mx_smtp_out_ack(&s, 1);
        mx_smtp_out_buf(&s, &len);
    }
    asked(MX_ASK_ABORT);
    mx_smtp_answer(&s, MX_YES);
    asked(MX_ASK_CLOSE);
}

static void takes_one_command_at_a_time(void **state)
{
    static const char group[] = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";
    size_t at;

    (void)state;
    greet();
    at = push(group);
    assert_int_equal(at, 17);
    asked(MX_ASK_MAIL);
    mx_smtp_answer(&s, MX_YES);
    assert_int_equal(push(group + at), 0);
    hear("250 2.1.0");
    at += push(group + at);
    assert_int_equal(at, 17 + 15);
    asked(MX_ASK_RCPT);
}

static void spans_live_until_the_answer(void **state)
{
    const struct mx_path *path;

    (void)state;
    greet();
    say("MAIL FROM:<joe@b.example> SIZE=77 BODY=8BITMIME\r\n");
    asked(MX_ASK_MAIL);
    path = mx_smtp_path(&s);
    assert_int_equal(path->text.len, 13);
    assert_memory_equal(path->text.ptr, "joe@b.example", 13);
    assert_memory_equal(path->local.ptr, "joe", path->local.len);
    assert_memory_equal(path->domain.ptr, "b.example", path->domain.len);
    assert_int_equal(mx_smtp_size(&s), 77);
    assert_int_equal(mx_smtp_flags(&s), MX_MAIL_8BITMIME);
    assert_string_equal(mx_smtp_helo(&s), "c.example");
    assert_string_equal(mx_smtp_protocol(&s), "ESMTP");
    mx_smtp_answer(&s, MX_YES);
    assert_null(mx_smtp_path(&s)->text.ptr);
    assert_int_equal(mx_smtp_path(&s)->text.len, 0);
}

static void body_is_not_copied(void **state)
{
    static const char text[] = "one\r\n..two\r\n.\r\n";
    size_t at;

    (void)state;
    greet();
    open_text();
    at = push(text);
    assert_int_equal(at, 5);
    asked(MX_ASK_BODY);
    assert_ptr_equal(mx_smtp_body(&s).ptr, text);
    assert_int_equal(mx_smtp_body(&s).len, 5);
    mx_smtp_answer(&s, MX_YES);
    at += push(text + at);
    asked(MX_ASK_BODY);
    assert_ptr_equal(mx_smtp_body(&s).ptr, text + 6);
    assert_int_equal(mx_smtp_body(&s).len, 6);
    mx_smtp_answer(&s, MX_YES);
    assert_int_equal(push(text + at), 3);
    asked(MX_ASK_END);
}

static void says_where_it_is(void **state)
{
    (void)state;
    greet();
    assert_false(mx_smtp_in_transaction(&s) || mx_smtp_in_body(&s));
    open_message();
    assert_true(mx_smtp_in_transaction(&s) && !mx_smtp_in_body(&s));
    say("DATA\r\n");
    assert_true(mx_smtp_in_transaction(&s) && !mx_smtp_in_body(&s));
    mx_smtp_answer(&s, MX_YES);
    hear("354");
    assert_true(mx_smtp_in_transaction(&s) && mx_smtp_in_body(&s));
    say("\n");
    mx_smtp_answer(&s, MX_YES);
    assert_true(mx_smtp_in_body(&s));
    say("\r\n.\r\n");
    hear("554 5.6.0");
    assert_false(mx_smtp_in_transaction(&s) || mx_smtp_in_body(&s));
}

/* --- the end of a session ----------------------------------------------- */

static void end_replaces_what_is_not_said(void **state)
{
    (void)state;
    mx_smtp_init(&s, &config, NULL, false);
    mx_smtp_end(&s, MX_WHY_SHUTDOWN);
    hear("421 4.3.2 mx.example.test");
    asked(MX_ASK_CLOSE);
}

static void end_finishes_what_is_half_said(void **state)
{
    (void)state;
    mx_smtp_init(&s, &config, NULL, false);
    mx_smtp_out_ack(&s, 4);
    mx_smtp_end(&s, MX_WHY_SHUTDOWN);
    hear("mx.example.test ESMTP");
    asked(MX_ASK_CLOSE);
}

static void end_drops_the_question(void **state)
{
    (void)state;
    greet();
    open_text();
    say("x");
    asked(MX_ASK_BODY);
    mx_smtp_end(&s, MX_WHY_TIMEOUT);
    hear("421 4.4.2");
    asked(MX_ASK_CLOSE); /* no ABORT: the host knows */
    mx_smtp_end(&s, MX_WHY_SHUTDOWN);
    asked(MX_ASK_CLOSE); /* once is enough */
}

/* --- the largest -------------------------------------------------------- */

static void longest_replies_fit(void **state)
{
    static char name[256];
    static const char *const lines[] = {"EHLO x\r\n", "QUIT\r\n"};
    struct mx_smtp_config cfg = {
        .mx_name = name,
        .max_message = UINT32_MAX,
        .max_rcpt = UINT16_MAX,
        .max_mail = UINT16_MAX,
        .starttls = true,
    };

    (void)state;
    memset(name, 'n', 255);
    for (int tls = 0; tls < 2; tls++) {
        for (size_t i = 0; i < 2; i++) {
            mx_smtp_init(&s, &cfg, tls ? &facts : NULL, true);
            hear("220 nnn");
            say(lines[i]);
            hear(i == 0 ? "250-nnn" : "221 2.0.0 nnn");
        }
        mx_smtp_init(&s, &cfg, tls ? &facts : NULL, true);
        mx_smtp_end(&s, MX_WHY_TIMEOUT);
        hear("421 4.4.2 nnn");
    }
}

static void longest_line_fits(void **state)
{
    static char line[MX_LINE_MAX + 2];

    (void)state;
    for (size_t len = MX_LINE_MAX - 2; len <= MX_LINE_MAX + 1; len++) {
        greet();
        memset(line, 'x', len);
        memcpy(line, "NOOP ", 5);
        memcpy(line + len - 2, "\r\n", 2);
        assert_int_equal(mx_smtp_push(&s, line, len), len);
        hear(len <= MX_LINE_MAX ? "250 2.0.0" : "500 5.5.2");
    }
}

static void name_is_cut_not_refused(void **state)
{
    static char line[5 + 255 + 3] = "EHLO ";

    (void)state;
    greet();
    memset(line + 5, 'x', 255);
    memcpy(line + 260, "\r\n", 3);
    say(line);
    hear("250-");
    assert_int_equal(strlen(mx_smtp_helo(&s)), MX_HELO_MAX);
}

/* 2^32 - 1 bytes are not counted as fewer, whatever was taken before. */
static void chunks_do_not_overflow(void **state)
{
    struct mx_smtp_config cfg = config;

    (void)state;
    cfg.max_message = UINT32_MAX;
    mx_smtp_init(&s, &cfg, NULL, false);
    hear("220");
    say("EHLO c\r\n");
    hear("250-");
    open_message();
    say("BDAT 1\r\n");
    asked(MX_ASK_DATA);
    mx_smtp_answer(&s, MX_YES);
    say("x");
    asked(MX_ASK_BODY);
    mx_smtp_answer(&s, MX_YES);
    hear("250 2.0.0 1 ");
    say("BDAT 4294967295 LAST\r\n"); /* one too many */
    asked(MX_ASK_ABORT);
    mx_smtp_answer(&s, MX_YES);
    say("QUIT\r\n.\r\nRSET\r\n");
    assert_int_equal(mx_smtp_ask(&s), MX_ASK_NONE);
    assert_true(mx_smtp_in_body(&s));
}

static void chunk_of_all_there_can_be(void **state)
{
    struct mx_smtp_config cfg = config;

    (void)state;
    cfg.max_message = UINT32_MAX;
    mx_smtp_init(&s, &cfg, NULL, false);
    hear("220");
    say("EHLO c\r\n");
    hear("250-");
    open_message();
    say("BDAT 4294967295 LAST\r\n");
    asked(MX_ASK_DATA);
    mx_smtp_answer(&s, MX_YES);
    assert_int_equal(push("QUIT\r\n"), 6);
    asked(MX_ASK_BODY);
    assert_int_equal(mx_smtp_body(&s).len, 6);
}

/* A chunk ends where it ends, and the next command begins there. */
static void chunk_takes_no_byte_more(void **state)
{
    (void)state;
    greet();
    open_message();
    say("BDAT 3 LAST\r\n");
    mx_smtp_answer(&s, MX_YES);
    assert_int_equal(push("abcQUIT\r\n"), 3);
    asked(MX_ASK_BODY);
    mx_smtp_answer(&s, MX_YES);
    asked(MX_ASK_END);
    mx_smtp_answer(&s, MX_YES);
    hear("250 2.0.0");
}

/* --- the protocol of the Received: line (RFC 3848, 6531) ---------------- */

static void protocol_names(void **state)
{
    static const struct {
        bool tls;
        const char *hello, *mail, *name;
    } rows[] = {
        {false, "HELO c\r\n", "MAIL FROM:<>\r\n", "SMTP"},
        {false, "EHLO c\r\n", "MAIL FROM:<>\r\n", "ESMTP"},
        {false, "EHLO c\r\n", "MAIL FROM:<> SMTPUTF8\r\n", "UTF8SMTP"},
        {true, "EHLO c\r\n", "MAIL FROM:<>\r\n", "ESMTPS"},
        {true, "EHLO c\r\n", "MAIL FROM:<> SMTPUTF8\r\n", "UTF8SMTPS"},
        {true, "HELO c\r\n", "MAIL FROM:<>\r\n", "ESMTPS"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mx_smtp_init(&s, &config, rows[i].tls ? &facts : NULL, true);
        hear("220");
        say(rows[i].hello);
        hear("250");
        say(rows[i].mail);
        asked(MX_ASK_MAIL);
        assert_string_equal(mx_smtp_protocol(&s), rows[i].name);
    }
}

/* --- noise -------------------------------------------------------------- */

/* Words of the protocol in any order, every answer, every cut: the host's own
 * checks (see smtp_host.h) hold, and so do the engine's assertions. */
static void noise(void **state)
{
    /* clang-format off */
    static const char *const words[] = {
        "EHLO c\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "DATA\r\n",
        "BDAT 3\r\n", "BDAT 0\r\n", "BDAT 5 LAST\r\n", "BDAT 200000\r\n",
        "RSET\r\n", "NOOP\r\n", "\r\n.\r\n", ".", "\r", "\n", "text", "\r\n",
        "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", "EHLO c\r\nMAIL FROM:<>\r\n",
    };
    /* clang-format on */
    unsigned seed = 1;

    (void)state;
    host_init(&host);
    host.cfg.max_message = 40;
    for (int session = 0; session < 20000; session++) {
        host.cfg.max_errors = (uint8_t)(session % 5); /* 0: no limit */
        host.cfg.max_idle = (uint8_t)(session % 7);
        host.cfg.max_unknown = (uint8_t)(session % 3);
        for (size_t ask = MX_ASK_MAIL; ask < MX_ASK_ABORT; ask++) {
            host.scripts[ask].count = HOST_SCRIPT_MAX;
            for (size_t i = 0; i < HOST_SCRIPT_MAX; i++) {
                seed = seed * 1103515245u + 12345u;
                host.scripts[ask].answers[i] =
                    (uint8_t)((seed >> 16) % 4 > 0 ? MX_YES
                                                   : (seed >> 18) % MX_ANSWERS);
            }
        }
        host_begin(&host);
        for (int i = 0; i < 40 && !host.closed; i++) {
            const char *word;

            seed = seed * 1103515245u + 12345u;
            word = words[(seed >> 16) % (sizeof words / sizeof words[0])];
            assert_true(host_push(&host, word, strlen(word)) == strlen(word) ||
                        host.closed);
        }
        assert_false(host.closed && host.open);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_leaves_nothing),
        cmocka_unit_test(handshake_forgets_all),
        cmocka_unit_test(greeting_inside_tls),
        cmocka_unit_test(airlock_takes_nothing),
        cmocka_unit_test(speaks_before_it_asks),
        cmocka_unit_test(takes_one_command_at_a_time),
        cmocka_unit_test(spans_live_until_the_answer),
        cmocka_unit_test(body_is_not_copied),
        cmocka_unit_test(says_where_it_is),
        cmocka_unit_test(end_replaces_what_is_not_said),
        cmocka_unit_test(end_finishes_what_is_half_said),
        cmocka_unit_test(end_drops_the_question),
        cmocka_unit_test(longest_replies_fit),
        cmocka_unit_test(longest_line_fits),
        cmocka_unit_test(name_is_cut_not_refused),
        cmocka_unit_test(chunks_do_not_overflow),
        cmocka_unit_test(chunk_of_all_there_can_be),
        cmocka_unit_test(chunk_takes_no_byte_more),
        cmocka_unit_test(protocol_names),
        cmocka_unit_test(noise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
