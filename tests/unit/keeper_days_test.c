/* SPDX-License-Identifier: BSD-3-Clause */
/* The daily look at a certificate: what the owner is told, when, how often. */
#include "keeper_stage.h"

static void install_until(int64_t from_s, int64_t to_s)
{
    struct cert c = issue_until(device_key(MX_ID_KEY), "DNS:" MX, from_s, to_s);

    assert_answer(mx_keeper_install_text(&keeper, c.pem, c.pem_len, &why), 0,
                  "");
    cert_free(&c);
}

static void certificate(int64_t from_s, int64_t to_s)
{
    assert_int_equal(start(), 0);
    install_until(from_s, to_s);
}

/* An hour at a time; the clock that counts from the start may stand still. */
static void pass(unsigned hours)
{
    while (hours-- > 0) {
        test_now_ms += 3600 * 1000;
        test_time_s += test_time_s != 0 ? 3600 : 0;
        mx_keeper_poll(&keeper);
    }
}

static void near_its_end(void **state)
{
    static const struct {
        unsigned day;
        const char *told;
    } days[] = {
        {10, "days_left=30 "}, {26, "days_left=14 "}, {33, "days_left=7 "},
        {39, "days_left=1 "},  {41, "has expired"},
    };
    size_t next = 0;

    (void)state;
    certificate(-DAY_S, 40 * DAY_S);
    for (unsigned day = 1; day <= 50; day++) {
        pass(24);
        next += next < sizeof days / sizeof *days && day == days[next].day;
        for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
            assert_int_equal(told(days[i].told), i < next);
        }
    }
    assert_int_equal(told("days_left="), 4);
}

/* At every start, since who started it may not have been there before. */
static void near_its_end_at_a_start(void **state)
{
    (void)state;
    certificate(-DAY_S, 13 * DAY_S + 10);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(start(), 0);
        assert_int_equal(told("days_left=13 "), 1);
    }
    pass(24);
    assert_int_equal(told("days_left="), 1);
}

/* One that is far from its end again can come near it again. */
static void renewed(void **state)
{
    (void)state;
    certificate(-DAY_S, 5 * DAY_S);
    assert_int_equal(told("days_left=5 "), 1);
    install_until(-DAY_S, 40 * DAY_S);
    pass(24 * 9);
    assert_int_equal(told("days_left="), 1);
    pass(24);
    assert_int_equal(told("days_left=30 "), 1);
}

/* Who brings one that ends as soon is told so again. */
static void no_better(void **state)
{
    (void)state;
    certificate(-DAY_S, 5 * DAY_S);
    install_until(-DAY_S, 5 * DAY_S);
    assert_int_equal(told("days_left=5 "), 2);
}

/* Of several bounds at once the last is told. */
static void after_a_long_time(void **state)
{
    (void)state;
    certificate(-DAY_S, 40 * DAY_S);
    test_time_s += 37 * DAY_S;
    pass(24);
    assert_int_equal(told("days_left=2 "), 1);
    assert_int_equal(told("days_left="), 1);
}

static void when_the_clock_is_set(void **state)
{
    int64_t now_s = test_time_s;

    (void)state;
    certificate(-DAY_S, 5 * DAY_S);
    test_time_s = 0;
    assert_int_equal(start(), 0);
    assert_int_equal(told("has no clock"), 1);
    pass(48);
    assert_int_equal(told("has no clock"), 1);
    assert_int_equal(told("days_left="), 0);
    test_time_s = now_s;
    mx_keeper_poll(&keeper);
    assert_int_equal(told("days_left=5 "), 1);
    assert_int_equal(keeper.flags, 0);
    mx_keeper_poll(&keeper);
    assert_int_equal(told("days_left="), 1);
}

/* The identity goes on: who does not verify it delivers. */
static void expired(void **state)
{
    (void)state;
    certificate(-DAY_S, DAY_S);
    test_time_s += 2 * DAY_S;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(start(), 0);
        assert_int_equal(told("has expired"), 1);
        assert_int_equal(told("days_left="), 0);
        assert_non_null(mx_keeper_identity(&keeper));
    }
    pass(48);
    assert_int_equal(told("has expired"), 1);
}

/* The clock was wrong when it was installed. */
static void not_yet_valid(void **state)
{
    (void)state;
    certificate(-DAY_S, 365 * DAY_S);
    test_time_s -= 3 * DAY_S;
    assert_int_equal(start(), 0);
    assert_int_equal(told("not valid yet"), 1);
    pass(72);
    assert_int_equal(keeper.flags, 0);
    assert_int_equal(told("not valid yet"), 1);
}

/* Before the keeper has one, and when it has lost it. */
static void without_an_identity(void **state)
{
    (void)state;
    keeper_config.key = (struct mx_span){"x", 1};
    assert_answer(start(), MX_EFORMAT, "certificate: ");
    pass(48);
    assert_int_equal(told("advice="), 0);
    assert_int_equal(told("error="), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPER_TEST(near_its_end),
        KEEPER_TEST(near_its_end_at_a_start),
        KEEPER_TEST(renewed),
        KEEPER_TEST(no_better),
        KEEPER_TEST(after_a_long_time),
        KEEPER_TEST(when_the_clock_is_set),
        KEEPER_TEST(expired),
        KEEPER_TEST(not_yet_valid),
        KEEPER_TEST(without_an_identity),
    };

    return cmocka_run_group_tests_name("keeper_days", tests, keeper_open,
                                       keeper_close);
}
