/* SPDX-License-Identifier: BSD-3-Clause */
/* Bounded formatting, log lines, error texts. */
#include "tinymx/err.h"
#include "util/fmt.h"
#include "util/log.h"

#include "test_port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* --- fmt ---------------------------------------------------------------- */

static void numbers(void **state)
{
    char buf[128];
    struct fmt f;

    (void)state;
    fmt_init(&f, buf, sizeof buf);
    fmt_u32(&f, 0);
    fmt_char(&f, ' ');
    fmt_u32(&f, 4294967295u);
    fmt_char(&f, ' ');
    fmt_pad(&f, 7, 2);
    fmt_char(&f, ' ');
    fmt_pad(&f, 123, 2);
    fmt_char(&f, ' ');
    fmt_pad(&f, 0, 10);
    fmt_char(&f, ' ');
    fmt_pad(&f, 1, 99); /* no more digits than a uint32_t has */
    fmt_char(&f, ' ');
    fmt_hex(&f, 0x2a, 8);
    fmt_char(&f, ' ');
    fmt_hex(&f, 0xfedcba98, 8);
    fmt_char(&f, ' ');
    fmt_hex(&f, 0xabc, 2);
    assert_string_equal(buf, "0 4294967295 07 123 0000000000 0000000001 "
                             "0000002a fedcba98 bc");
    assert_int_equal(f.len, strlen(buf));
    assert_false(f.cut);
}

/* Every size of buffer around the text: never a byte beyond, always an end, and
 * `cut` exactly when something is missing. */
static void bounds(void **state)
{
    static const char text[] = "abc=12345 \\x0a";

    (void)state;
    for (size_t cap = 1; cap <= sizeof text + 1; cap++) {
        char buf[sizeof text + 8];
        size_t want = cap - 1 < sizeof text - 1 ? cap - 1 : sizeof text - 1;
        struct fmt f;

        memset(buf, '#', sizeof buf);
        fmt_init(&f, buf, cap);
        assert_string_equal(buf, "");
        fmt_str(&f, "abc");
        fmt_char(&f, '=');
        fmt_u32(&f, 12345);
        fmt_bytes(&f, " ?", 1);
        fmt_escaped(&f, "\n", 1, 1);
        assert_int_equal(f.len, want);
        assert_memory_equal(buf, text, want);
        assert_int_equal(buf[want], '\0');
        assert_int_equal(f.cut, want < sizeof text - 1);
        for (size_t i = cap; i < sizeof buf; i++) {
            assert_int_equal(buf[i], '#');
        }
    }
}

/* Once cut, shorter text that would fit must not follow as if nothing were
 * missing between: the buffer is full to its end. */
static void cut_is_full(void **state)
{
    char buf[4];
    struct fmt f;

    (void)state;
    fmt_init(&f, buf, sizeof buf);
    fmt_str(&f, "ab");
    fmt_str(&f, "cdef");
    fmt_str(&f, "");
    fmt_char(&f, 'g');
    assert_string_equal(buf, "abc");
    assert_true(f.cut);
}

/* All 256 bytes. */
static void escapes(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        char want[8] = {byte};
        char buf[16];
        struct fmt f;

        if (c <= ' ' || c >= 127 || c == '"' || c == '\\') {
            snprintf(want, sizeof want, "\\x%02x", (unsigned)c);
        }
        fmt_init(&f, buf, sizeof buf);
        fmt_escaped(&f, &byte, 1, 8);
        assert_string_equal(buf, want);
    }
}

static void escaped_at_most(void **state)
{
    char buf[32];
    struct fmt f;

    (void)state;
    fmt_init(&f, buf, sizeof buf);
    fmt_escaped(&f, "abcd", 4, 4);
    fmt_char(&f, ' ');
    fmt_escaped(&f, "abcde", 5, 4);
    fmt_char(&f, ' ');
    fmt_escaped(&f, "a", 1, 0);
    assert_string_equal(buf, "abcd abcd... ...");
}

/* --- log ---------------------------------------------------------------- */

static struct mx_span span(const char *str)
{
    return (struct mx_span){.ptr = str, .len = strlen(str)};
}

static void log_line(void **state)
{
    unsigned before = test_log_count;

    (void)state;
    log_begin(MX_LOG_INFO, "rcpt", 42);
    log_peer("to", span("joe@example.test"));
    log_str("answer", "yes");
    log_text("why", "as it is");
    log_u32("n", 4294967295u);
    log_int("a", -7);
    log_int("b", INT32_MIN);
    log_int("c", INT32_MAX);
    assert_int_equal(test_log_count, before);
    log_end();
    assert_int_equal(test_log_count, before + 1);
    assert_string_equal(test_log_line,
                        "event=rcpt sid=0000002a to=joe@example.test "
                        "answer=yes why=\"as it is\" n=4294967295 a=-7 "
                        "b=-2147483648 c=2147483647");
    log_event(MX_LOG_WARN, "boot", 0);
    assert_string_equal(test_log_line, "event=boot");
}

/* A peer can neither begin a line, nor a key, nor close a quote. */
static void log_stranger(void **state)
{
    (void)state;
    log_begin(MX_LOG_INFO, "helo", 1);
    log_peer("name", span("x\r\nevent=accept sid=2\x1b[2J\"\\\xc3\xa9"));
    log_end();
    assert_string_equal(test_log_line,
                        "event=helo sid=00000001 name=x\\x0d\\x0aevent=accept"
                        "\\x20sid=2\\x1b[2J\\x22\\x5c\\xc3\\xa9");
}

/* The longest of strangers leaves room for what we have to say, and a line that
 * is too long all the same is cut, printable to its end. */
static void log_bounds(void **state)
{
    char longest[600];
    struct mx_span s = {longest, sizeof longest};

    (void)state;
    memset(longest, 'a', sizeof longest);
    log_begin(MX_LOG_INFO, "e", 0);
    log_peer("p", s);
    log_str("answer", "no");
    log_end();
    assert_int_equal(strlen(test_log_line),
                     strlen("event=e p=") + 100 + strlen("... answer=no"));
    assert_non_null(strstr(test_log_line, "aaa... answer=no"));

    memset(longest, '\n', sizeof longest);
    log_begin(MX_LOG_INFO, "e", 0);
    log_peer("p", s);
    log_peer("q", s);
    log_end();
    assert_int_equal(strlen(test_log_line), 399);
    for (const char *c = test_log_line; *c != '\0'; c++) {
        assert_true(*c >= ' ' && *c < 127);
    }
    log_event(MX_LOG_INFO, "next", 0);
    assert_string_equal(test_log_line, "event=next");
}

/* --- err ---------------------------------------------------------------- */

static void error_texts(void **state)
{
    (void)state;
    assert_string_equal(mx_strerror(MX_OK), "no error");
    for (int err = 0; err >= MX_ELATER; err--) {
        const char *text = mx_strerror(err);

        assert_non_null(text);
        assert_string_not_equal(text, "unknown error");
        assert_int_not_equal(text[strlen(text) - 1], '.');
        for (int other = 0; other > err; other--) {
            assert_string_not_equal(text, mx_strerror(other));
        }
    }
    assert_string_equal(mx_strerror(1), "unknown error");
    assert_string_equal(mx_strerror(MX_ELATER - 1), "unknown error");
    assert_string_equal(mx_strerror(INT32_MAX), "unknown error");
    assert_string_equal(mx_strerror(INT32_MIN), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),         cmocka_unit_test(bounds),
        cmocka_unit_test(cut_is_full),     cmocka_unit_test(escapes),
        cmocka_unit_test(escaped_at_most), cmocka_unit_test(log_line),
        cmocka_unit_test(log_stranger),    cmocka_unit_test(log_bounds),
        cmocka_unit_test(error_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
