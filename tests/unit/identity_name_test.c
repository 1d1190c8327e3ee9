/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 9525 6.3 as a table, host names, and the calendar. */
#include "tls/calendar.h"
#include "tls/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LABEL63                                                                \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *pattern;
    const char *name;
    enum name_match match;
} matches[] = {
    {"mx.example.test", "mx.example.test", NAME_SAME},
    {"MX.Example.TEST", "mx.eXample.test", NAME_SAME},
    {"mx.example.test", "mx.example.test.", NAME_SAME},
    {"mx", "mx", NAME_SAME},
    {"xn--mx-1ia.example.test", "XN--MX-1IA.example.test", NAME_SAME},
    {"mx.example.test.", "mx.example.test", NAME_DIFFERS},
    {"mx.example.test", "mx1.example.test", NAME_DIFFERS},
    {"mx.example.test", "example.test", NAME_DIFFERS},
    {"example.test", "mx.example.test", NAME_DIFFERS},
    {"mx.example.tes", "mx.example.test", NAME_DIFFERS},
    {"mx.example.test", "mx.example.tes", NAME_DIFFERS},
    {"", "mx", NAME_DIFFERS},
    {"", "", NAME_DIFFERS},
    {"mx", "", NAME_DIFFERS},
    {"mx", ".", NAME_DIFFERS},
    {"*.example.test", "mx.example.test", NAME_BY_WILDCARD},
    {"*.EXAMPLE.test", "mx.example.TEST.", NAME_BY_WILDCARD},
    {"*.example.test", "xn--mx-1ia.example.test", NAME_BY_WILDCARD},
    {"*.mail.example.test", "a.mail.example.test", NAME_BY_WILDCARD},
    {"*.example.test", "example.test", NAME_DIFFERS},
    {"*.example.test", ".example.test", NAME_DIFFERS},
    {"*.example.test", "a.b.example.test", NAME_DIFFERS},
    {"*.example.test", "mxXexample.test", NAME_DIFFERS},
    {"*.example.test", "*.example.test", NAME_BY_WILDCARD},
    {"m*.example.test", "mx.example.test", NAME_DIFFERS},
    {"*x.example.test", "mx.example.test", NAME_DIFFERS},
    {"mx.*.test", "mx.example.test", NAME_DIFFERS},
    {"mx.example.*", "mx.example.test", NAME_DIFFERS},
    {"*.*.test", "mx.example.test", NAME_DIFFERS},
    {"*.test", "mx.test", NAME_DIFFERS},
    {"*", "mx", NAME_DIFFERS},
    {"*.", "mx.", NAME_DIFFERS},
    {"**.example.test", "mx.example.test", NAME_DIFFERS},
};

static void match_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        if (name_match(matches[i].pattern, strlen(matches[i].pattern),
                       matches[i].name) != matches[i].match) {
            fail_msg("%s for %s", matches[i].pattern, matches[i].name);
        }
    }
    /* The old trick: a NUL inside. */
    assert_int_equal(
        name_match("mx.example.test\0.evil.test", 26, "mx.example.test"),
        NAME_DIFFERS);
    assert_int_equal(name_match("mx\0example.test", 15, "mx"), NAME_DIFFERS);
}

static const struct {
    const char *name;
    bool host;
} hosts[] = {
    {"mx.example.test", true},
    {"mx", true},
    {"3com.example", true},
    {"mx-1.example.test", true},
    {"xn--mx-1ia.example.test", true},
    {"1.2.3.4a", true},
    {LABEL63 ".test", true},
    {"", false},
    {".", false},
    {"mx.", false},
    {".mx", false},
    {"mx..test", false},
    {"-mx.test", false},
    {"mx-.test", false},
    {"mx_1.test", false},
    {"mx test", false},
    {"mx.t\xc3\xa4st", false},
    {"*.example.test", false},
    {"a,CN=b", false},
    {"192.0.2.1", false},
    {"2001:db8::1", false},
    {LABEL63 "a.test", false},
    {LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, false}, /* 255 */
};

static void host_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        if (name_is_host(hosts[i].name) != hosts[i].host) {
            fail_msg("%s", hosts[i].name);
        }
    }
}

static const struct {
    int64_t s;
    struct calendar c;
} dates[] = {
    {0, {1970, 1, 1, 0, 0, 0}},
    {951782399, {2000, 2, 28, 23, 59, 59}},
    {951782400, {2000, 2, 29, 0, 0, 0}},
    {951868800, {2000, 3, 1, 0, 0, 0}},
    {1735689600, {2025, 1, 1, 0, 0, 0}},
    {1795444080, {2026, 11, 23, 14, 28, 0}},
    {4107542399, {2100, 2, 28, 23, 59, 59}},
    {4107542400, {2100, 3, 1, 0, 0, 0}},
    {253402300799, {9999, 12, 31, 23, 59, 59}},
};

static void date_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct calendar c;

        assert_int_equal(calendar_to_s(&dates[i].c), dates[i].s);
        calendar_from_s(dates[i].s, &c);
        assert_memory_equal(&c, &dates[i].c, sizeof c);
    }
}

/* Every day there is: forth, back, and one after the other. */
static void every_day(void **state)
{
    struct calendar last = {1969, 12, 31, 0, 0, 0};

    (void)state;
    for (int64_t s = 0; s < 253402300800; s += 86400) {
        struct calendar c;

        calendar_from_s(s, &c);
        if (calendar_to_s(&c) != s ||
            !(c.day == last.day + 1 || (c.day == 1 && last.day >= 28 &&
                                        (c.month == last.month + 1 ||
                                         (c.month == 1 && last.month == 12 &&
                                          c.year == last.year + 1))))) {
            fail_msg("%d-%d-%d after %d-%d-%d", c.year, c.month, c.day,
                     last.year, last.month, last.day);
        }
        last = c;
    }
    assert_int_equal(last.year, 9999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_table),
        cmocka_unit_test(host_table),
        cmocka_unit_test(date_table),
        cmocka_unit_test(every_day),
    };

    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
