/* SPDX-License-Identifier: BSD-3-Clause */
/* phy.c against a LAN8742A, every 10 ms, for hours of theirs. */
#include "phy.h"

#include "lan8742a.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define ADDRESS 3
#define TICK_MS 10u
#define SETTLED_MS 5000u /* reset, negotiation, and a step of each */
#define SEEDS 300
#define EVENTS 40

static uint32_t now_ms, last_ms; /* last: of a step */
static unsigned asked;           /* operations on MDIO */
static bool broken;              /* it is busy for ever */
static unsigned deaf;            /* so from this register on */
static bool low;                 /* its line is stuck at 0 */
static bool foreign;             /* the other side can nothing that we can */
static struct phy_link link_now;

bool mdio_read(uint8_t phy, uint8_t reg, uint16_t *value)
{
    asked++;
    if (broken || reg >= deaf) {
        return false;
    }
    *value = low ? 0 : lan8742a_rd(phy, reg);
    if (reg == 5 && foreign) {
        *value = 0x0200; /* 100BASE-T4 */
    }
    return true;
}

bool mdio_write(uint8_t phy, uint8_t reg, uint16_t value)
{
    asked++;
    if (broken) {
        return false;
    }
    lan8742a_wr(phy, reg, value);
    return true;
}

/* What was said changed, or not; at most one step in 250 ms. */
static void tick(void)
{
    struct phy_link before = link_now;
    struct phy_link said = {!before.up, !before.fast, !before.full};
    unsigned asked_before = asked;
    bool changed;

    now_ms += TICK_MS;
    lan8742a_pass(TICK_MS);
    changed = phy_poll(now_ms, &said);
    link_now = said;
    assert_int_equal(changed, before.up != link_now.up ||
                                  before.fast != link_now.fast ||
                                  before.full != link_now.full);
    if (asked != asked_before) {
        assert_true(now_ms - last_ms >= 250);
        last_ms = now_ms;
    }
}

static void pass(uint32_t ms)
{
    for (uint32_t t = 0; t < ms; t += TICK_MS) {
        tick();
    }
}

static void assert_truth(void)
{
    struct lan8742a_link truth = lan8742a_link();

    assert_int_equal(link_now.up, truth.up);
    if (truth.up) {
        assert_int_equal(link_now.fast, truth.fast);
        assert_int_equal(link_now.full, truth.full);
    } else {
        assert_false(link_now.fast || link_now.full);
    }
}

/* The first step is at once, and the link down until it is not. */
static void start(void)
{
    last_ms = now_ms - 250;
    link_now = (struct phy_link){.up = false};
    phy_start(ADDRESS);
}

static void begin(uint64_t seed)
{
    model_begin(seed);
    lan8742a_begin(ADDRESS);
    broken = false;
    deaf = UINT32_MAX;
    low = false;
    foreign = false;
    start();
}

static void test_how_often(void **state)
{
    unsigned before = asked;

    (void)state;
    now_ms += 100000;
    begin(7);
    tick();
    assert_true(asked > before);
    before = asked;
    pass(240);
    assert_int_equal(asked, before);
    tick();
    assert_true(asked > before);
}

static void test_every_outcome(void **state)
{
    (void)state;
    begin(1);
    for (uint16_t i = 0; i < 32; i++) {
        bool negotiates = i < 16;
        uint16_t abilities = (uint16_t)((i & 15) << 5);

        lan8742a_cable(abilities, negotiates);
        pass(SETTLED_MS);
        assert_int_equal(link_now.up, abilities != 0);
        assert_truth();
    }
    assert_int_equal(phy_stats()->id1, 0x0007);
    assert_int_equal(phy_stats()->id2 & 0xfff0, 0xc130);
    assert_int_equal(phy_stats()->restarts, 0);
}

/* Lost for less than a step: another speed may have come of it. */
static void test_short_loss(void **state)
{
    uint32_t changes;

    (void)state;
    begin(2);
    lan8742a_cable(0x1e0, true);
    pass(SETTLED_MS);
    assert_true(link_now.up);
    changes = phy_stats()->changes;
    lan8742a_cable(0, false);
    lan8742a_cable(0x1e0, true);
    lan8742a_pass(5000);
    pass(SETTLED_MS);
    assert_int_equal(phy_stats()->changes, changes + 2);
    assert_true(link_now.up);
}

static void test_reset_that_does_not_end(void **state)
{
    uint32_t restarts = phy_stats()->restarts;

    (void)state;
    begin(3);
    lan8742a_hang();
    lan8742a_cable(0x1e0, true);
    pass(2 * SETTLED_MS);
    assert_true(link_now.up);
    assert_int_equal(phy_stats()->restarts, restarts + 1);
}

/* For a second nothing changes; then it is down, and comes back. */
static void silence(void (*be_silent)(bool))
{
    uint32_t restarts, answered_ms;

    lan8742a_cable(0x1e0, true);
    pass(SETTLED_MS);
    assert_true(link_now.up);
    restarts = phy_stats()->restarts;
    answered_ms = last_ms;
    be_silent(true);
    while (now_ms - answered_ms < 990) {
        tick();
        assert_true(link_now.up);
    }
    tick();
    assert_false(link_now.up);
    assert_int_equal(phy_stats()->restarts, restarts + 1);
    pass(10000);
    assert_false(link_now.up);
    assert_in_range(phy_stats()->restarts, restarts + 5, restarts + 11);
    be_silent(false);
    pass(2 * SETTLED_MS);
    assert_true(link_now.up);
}

static void without_power(bool silent)
{
    lan8742a_power(!silent, true);
}

static void without_mdio(bool silent)
{
    broken = silent;
}

static void without_abilities(bool silent)
{
    deaf = silent ? 4 : UINT32_MAX;
}

static void stuck_low(bool silent)
{
    low = silent;
}

static void test_silence(void **state)
{
    static void (*const kinds[])(bool) = {without_power, without_mdio,
                                          without_abilities, stuck_low};

    (void)state;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        begin(i);
        silence(kinds[i]);
    }
}

/* Silent from the start: the second begins there. */
static void test_silence_from_the_start(void **state)
{
    uint32_t restarts = phy_stats()->restarts;

    (void)state;
    now_ms += 100000;
    begin(8);
    broken = true;
    pass(1000);
    assert_int_equal(phy_stats()->restarts, restarts);
    tick();
    assert_int_equal(phy_stats()->restarts, restarts + 1);
}

static void test_nothing_in_common(void **state)
{
    (void)state;
    begin(9);
    lan8742a_cable(0x1e0, true);
    pass(SETTLED_MS);
    assert_true(link_now.up);
    foreign = true;
    pass(SETTLED_MS);
    assert_false(link_now.up || link_now.fast || link_now.full);
}

/* It comes back with its straps' mind: not to negotiate. */
static void test_power_for_a_moment(void **state)
{
    (void)state;
    begin(6);
    lan8742a_cable(0x1e0, true);
    pass(SETTLED_MS);
    lan8742a_power(false, false);
    lan8742a_power(true, false);
    pass(2 * SETTLED_MS);
    assert_truth();
    assert_true(link_now.up);
}

static void event(void)
{
    switch (model_random(6)) {
    case 0:
        lan8742a_cable(0, false);
        break;
    case 1:
        lan8742a_cable((uint16_t)(model_random(16) << 5), model_chance(2));
        break;
    case 2:
        lan8742a_power(!model_chance(3), model_chance(2));
        break;
    case 3:
        lan8742a_hang();
        break;
    case 4:
        broken = model_chance(2);
        break;
    default:
        start();
        break;
    }
    pass(model_random(4000));
}

static void test_anything(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (unsigned i = 0; i < EVENTS; i++) {
            event();
        }
        broken = false;
        lan8742a_power(true, true);
        pass(4 * SETTLED_MS);
        assert_truth();
    }
    print_message("phy: %d seeds, %u operations, %u changes, %u restarts, "
                  "%llu rules\n",
                  SEEDS, asked, (unsigned)phy_stats()->changes,
                  (unsigned)phy_stats()->restarts,
                  (unsigned long long)model_counts().rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_how_often),
        cmocka_unit_test(test_every_outcome),
        cmocka_unit_test(test_short_loss),
        cmocka_unit_test(test_reset_that_does_not_end),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_silence_from_the_start),
        cmocka_unit_test(test_nothing_in_common),
        cmocka_unit_test(test_power_for_a_moment),
        cmocka_unit_test(test_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
