/* SPDX-License-Identifier: BSD-3-Clause */
/* Trace fields, whole and to the byte. */
#include "tinymx/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const struct mx_tls_facts tls13 = {
    .version = "TLSv1.3",
    .cipher = "TLS_AES_256_GCM_SHA384",
};

static struct mx_span span(const char *str)
{
    return (struct mx_span){.ptr = str, .len = strlen(str)};
}

static struct mx_envelope envelope(void)
{
    return (struct mx_envelope){
        .id = 42,
        .mx_name = "mx.example.test",
        .peer = "192.0.2.1",
        .helo = "client.example.test",
        .protocol = "ESMTP",
        .reverse_path = {.text = span("joe@example.test")},
        .time_s = 1795444080,
    };
}

/* All pieces in one; each was copied before the next was asked for, and the end
 * stays the end. */
static const char *whole(struct mx_trace *t)
{
    static char out[1024];
    struct mx_span s;
    size_t len = 0;

    while ((s = mx_trace_next(t)).len > 0) {
        assert_true(s.len < sizeof out - len);
        memcpy(out + len, s.ptr, s.len);
        len += s.len;
    }
    assert_int_equal(mx_trace_next(t).len, 0);
    out[len] = '\0';
    return out;
}

static const char *received(const struct mx_envelope *env)
{
    static struct mx_trace t;

    memset(&t, 0xa5, sizeof t);
    mx_trace_received(&t, env);
    return whole(&t);
}

static void received_in_tls(void **state)
{
    struct mx_envelope env = envelope();

    (void)state;
    env.tls = &tls13;
    env.protocol = "ESMTPS";
    assert_string_equal(received(&env),
                        "Received: from client.example.test ([192.0.2.1])\r\n"
                        "\t(using TLSv1.3 with cipher "
                        "TLS_AES_256_GCM_SHA384)\r\n"
                        "\tby mx.example.test (tinymx) with ESMTPS id "
                        "0000002a;\r\n"
                        "\tMon, 23 Nov 2026 14:28:00 +0000\r\n");
}

static void received_in_clear(void **state)
{
    struct mx_envelope env = envelope();

    (void)state;
    env.id = 0xfedcba98;
    env.peer = "IPv6:2001:db8::1";
    assert_string_equal(
        received(&env),
        "Received: from client.example.test ([IPv6:2001:db8::1])\r\n"
        "\tby mx.example.test (tinymx) with ESMTP id fedcba98;\r\n"
        "\tMon, 23 Nov 2026 14:28:00 +0000\r\n");
}

static void received_without_clock(void **state)
{
    struct mx_envelope env = envelope();

    (void)state;
    env.time_s = 0;
    assert_string_equal(
        received(&env),
        "Received: from client.example.test ([192.0.2.1])\r\n"
        "\tby mx.example.test (tinymx) with ESMTP id 0000002a;\r\n"
        "\tThu, 01 Jan 1970 00:00:00 +0000 (time not known)\r\n");
}

struct helo_row {
    const char *helo;
    const char *shown;
};

/* What the peer calls itself cannot say anything but a name. */
static const struct helo_row helo_rows[] = {
    {"", "unknown"},
    {"a", "a"},
    {"mx-1.Example_x.test", "mx-1.Example_x.test"},
    {"[192.0.2.7]", "[192.0.2.7]"},
    {"[IPv6:2001:db8::7]", "[IPv6:2001:db8::7]"},
    {"a b", "a?b"},
    {" a", "?a"},
    {"a ", "a?"},
    {"a\r\nX: y", "a??X:?y"},
    {"x (y) by z;", "x??y??by?z?"},
    {"<\"\\@,=>", "???????"},
    {"\x7f\x01\xc3\xa9", "????"},
};

static void helo_is_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof helo_rows / sizeof *helo_rows; i++) {
        struct mx_envelope env = envelope();
        char want[128] = "Received: from ";
        const char *got;

        strcat(want, helo_rows[i].shown);
        strcat(want, " ([192.0.2.1])\r\n");
        env.helo = helo_rows[i].helo;
        got = received(&env);
        assert_memory_equal(got, want, strlen(want));
        assert_non_null(strstr(got, "\r\n\tby mx.example.test "));
    }
}

static void return_path(void **state)
{
    struct mx_envelope env = envelope();
    struct mx_trace t;

    (void)state;
    mx_trace_return_path(&t, &env);
    assert_string_equal(whole(&t), "Return-Path: <joe@example.test>\r\n");
    env.reverse_path.text = span("");
    mx_trace_return_path(&t, &env);
    assert_string_equal(whole(&t), "Return-Path: <>\r\n");
}

static void delivered_to(void **state)
{
    struct mx_path path = {.text = {.ptr = "a@bcd", .len = 3}};
    struct mx_trace t;

    (void)state;
    mx_trace_delivered_to(&t, &path);
    assert_string_equal(whole(&t), "Delivered-To: a@b\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(received_in_tls),
        cmocka_unit_test(received_in_clear),
        cmocka_unit_test(received_without_clock),
        cmocka_unit_test(helo_is_harmless),
        cmocka_unit_test(return_path),
        cmocka_unit_test(delivered_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
