/* SPDX-License-Identifier: BSD-3-Clause */
/* The time between two answers of a server, and what an answer does to it. */
#include "utc.h"

#include "test_port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define T_S 1795478400
#define T_MS (T_S * INT64_C(1000))
#define DAY_MS 86400000u

static void unknown(void **state)
{
    struct utc u = {0};

    (void)state;
    for (int i = 0; i < 100; i++) {
        test_now_ms += DAY_MS;
        assert_int_equal(utc_s(&u), 0);
    }
}

/* From every corner of the milliseconds' range. */
static void goes_on(void **state)
{
    static const uint32_t starts[] = {0, 1, 0x7fffffff, 0x80000000, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct utc u = {0};

        test_now_ms = starts[i];
        assert_int_equal(utc_set(&u, T_MS + 999), 0);
        assert_int_equal(utc_s(&u), T_S);
        test_now_ms += 1;
        assert_int_equal(utc_s(&u), T_S + 1);
        test_now_ms += 999;
        assert_int_equal(utc_s(&u), T_S + 1);
        test_now_ms += UINT32_MAX - 1000;
        assert_int_equal(utc_s(&u), T_S + (999 + UINT64_C(0xffffffff)) / 1000);
    }
}

/* Looked at once in 49 days, and it does not lose a second in a year. */
static void comes_round(void **state)
{
    struct utc u = {0};

    (void)state;
    test_now_ms = 12345;
    assert_int_equal(utc_set(&u, T_MS), 0);
    for (unsigned days = 49; days <= 490; days += 49) {
        test_now_ms += 49 * DAY_MS;
        assert_int_equal(utc_s(&u), T_S + days * 86400);
    }
}

/* An answer, so many seconds away from what it would have said: what it says
 * then, and a minute later. */
static void corrections(void **state)
{
    static const struct {
        int64_t off_s, then_s, later_s;
    } rows[] = {
        {0, 0, 60},
        {1, 1, 61},
        {-1, 0, 59},
        {-59, 0, 1},
        {-60, 0, 0},
        {-61, -61, -1},
        {-86400, -86400, -86340},
        {60, 60, 120},
        {86400, 86400, 86460},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct utc u = {0};

        utc_set(&u, T_MS);
        test_now_ms += 1000 * 3600;
        assert_int_equal(utc_s(&u), T_S + 3600);
        assert_int_equal(utc_set(&u, T_MS + 1000 * (3600 + rows[i].off_s)),
                         rows[i].off_s);
        assert_int_equal(utc_s(&u), T_S + 3600 + rows[i].then_s);
        test_now_ms += 60000;
        assert_int_equal(utc_s(&u), T_S + 3600 + rows[i].later_s);
    }
}

/* A quartz that is 100 ppm fast, set every hour: it never goes back. */
static void never_back(void **state)
{
    struct utc u = {0};
    int64_t last = 0;

    (void)state;
    for (int64_t hour = 0; hour < 24 * 365; hour++) {
        utc_set(&u, T_MS + hour * 3600000);
        for (int i = 0; i < 4; i++) {
            int64_t now = utc_s(&u);

            assert_true(now >= last);
            last = now;
            test_now_ms += 900090;
        }
    }
    assert_in_range(last, T_S + 364 * 86400, T_S + 365 * 86400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown),     cmocka_unit_test(goes_on),
        cmocka_unit_test(comes_round), cmocka_unit_test(corrections),
        cmocka_unit_test(never_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
