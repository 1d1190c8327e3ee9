/* SPDX-License-Identifier: BSD-3-Clause */
#include "tinymx/sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void counts(void **state)
{
    struct mx_null_sink null;
    struct mx_sink *sink = &null.sink;
    const struct mx_envelope env = {.id = 1};
    const struct mx_path path = {.text = {"a@b", 3}};
    int a, b;

    (void)state;
    memset(&null, 0xa5, sizeof null);
    mx_null_sink_init(&null);
    a = sink->open(sink, &env);
    b = sink->open(sink, &env);
    assert_true(a >= 0);
    assert_true(b >= 0);
    assert_int_not_equal(a, b);
    assert_int_equal(sink->rcpt(sink, a, &path), 0);
    assert_int_equal(sink->write(sink, a, "hello", 5), 5);
    assert_int_equal(sink->write(sink, b, "", 0), 0);
    assert_int_equal(sink->write(sink, b, "you", 3), 3);
    assert_int_equal(null.committed, 0);
    assert_int_equal(sink->commit(sink, a), 0);
    sink->abort(sink, b);
    assert_int_equal(null.opened, 2);
    assert_int_equal(null.committed, 1);
    assert_int_equal(null.aborted, 1);
    assert_int_equal(null.bytes, 8);
}

/* A count that does not fit an int, and numbers when they begin anew. */
static void edges(void **state)
{
    struct mx_null_sink null;
    struct mx_sink *sink = &null.sink;
    const struct mx_envelope env = {.id = 1};

    (void)state;
    mx_null_sink_init(&null);
    assert_int_equal(sink->write(sink, 0, NULL, SIZE_MAX), INT32_MAX);
    assert_int_equal(null.bytes, INT32_MAX);
    null.opened = INT32_MAX;
    assert_int_equal(sink->open(sink, &env), INT32_MAX);
    assert_int_equal(sink->open(sink, &env), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
