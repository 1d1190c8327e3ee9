/* SPDX-License-Identifier: BSD-3-Clause */
/* Dates against a table that was made by hand, and against the C library for
 * every day of the years 1970 to 9999. */
#define _POSIX_C_SOURCE 200809L
#include "tinymx/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

struct date_row {
    int64_t time_s;
    const char *date;
};

static const struct date_row rows[] = {
    {INT64_MIN, "Thu, 01 Jan 1970 00:00:00 +0000"},
    {-1, "Thu, 01 Jan 1970 00:00:00 +0000"},
    {0, "Thu, 01 Jan 1970 00:00:00 +0000"},
    {86399, "Thu, 01 Jan 1970 23:59:59 +0000"},
    {86400, "Fri, 02 Jan 1970 00:00:00 +0000"},
    {5097600, "Sun, 01 Mar 1970 00:00:00 +0000"},
    {68169600, "Tue, 29 Feb 1972 00:00:00 +0000"},
    {951782400, "Tue, 29 Feb 2000 00:00:00 +0000"},
    {951868800, "Wed, 01 Mar 2000 00:00:00 +0000"},
    {1795444080, "Mon, 23 Nov 2026 14:28:00 +0000"},
    {1709251199, "Thu, 29 Feb 2024 23:59:59 +0000"},
    {2147483647, "Tue, 19 Jan 2038 03:14:07 +0000"},
    {2147483648, "Tue, 19 Jan 2038 03:14:08 +0000"},
    {4107542399, "Sun, 28 Feb 2100 23:59:59 +0000"},
    {4107542400, "Mon, 01 Mar 2100 00:00:00 +0000"},
    {4294967296, "Sun, 07 Feb 2106 06:28:16 +0000"},
    {13574563200, "Tue, 29 Feb 2400 00:00:00 +0000"},
    {253402300799, "Fri, 31 Dec 9999 23:59:59 +0000"},
    {253402300800, "Fri, 31 Dec 9999 23:59:59 +0000"},
    {INT64_MAX, "Fri, 31 Dec 9999 23:59:59 +0000"},
};

static void table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[MX_DATE_MAX];

        mx_date_format(out, rows[i].time_s);
        assert_string_equal(out, rows[i].date);
    }
}

/* Less than a day a step: no day is left out, and all hours come. */
static void against_libc(void **state)
{
    (void)state;
    for (int64_t s = 0; s <= 253402300799; s += 86399) {
        char out[MX_DATE_MAX];
        char want[64];
        time_t t = (time_t)s;
        struct tm tm;

        assert_non_null(gmtime_r(&t, &tm));
        strftime(want, sizeof want, "%a, %d %b %Y %H:%M:%S +0000", &tm);
        mx_date_format(out, s);
        if (strcmp(out, want) != 0) {
            assert_string_equal(out, want);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),
        cmocka_unit_test(against_libc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
