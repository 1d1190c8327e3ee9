/* SPDX-License-Identifier: BSD-3-Clause */
/* What the driver does, one thing at a time, and then anything at once. */
#include "eth_stage.h"

#include "hw.h"
#include "lan8742a.h"
#include "mdio.h"
#include "model.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define HCLK 168000000u
#define ALL 0x1e0
#define TEN 0x040 /* full duplex */
#define SEEDS 120
#define EVENTS 60

static void begin(uint64_t seed)
{
    stage_begin(seed, HCLK);
    stage_up();
}

/* What waits in the FIFO comes by and by. */
static void calm(void)
{
    for (unsigned i = 0; i < 10; i++) {
        stage_settle();
        stage_receive_all();
        (void)stage_poll();
    }
}

static void end(void)
{
    calm();
    stage_check();
}

static bool missed(const char *what)
{
    for (unsigned i = 0; hw_missed(i) != NULL; i++) {
        if (strcmp(hw_missed(i), what) == 0) {
            return true;
        }
    }
    return false;
}

/* --- to start ------------------------------------------------------------------- */

/* The first test: afterwards the ring has its pbufs for good. */
static void test_pool_too_dry_to_start(void **state)
{
    (void)state;
    stage_begin(1, HCLK);
    assert_false(eth_pending());
    assert_false(stage_poll());
    for (unsigned i = 0; i < stage_driver.rx_ring; i++) {
        stage_leave(i > 0); /* which it takes */
        assert_int_equal(stage_start(), MX_EIO);
        assert_false(stage_poll());
    }
    stage_leave(100);
    stage_up();
    assert_false(eth_pending());
    end();
}

static void test_no_clock_from_the_phy(void **state)
{
    (void)state;
    stage_begin(2, HCLK);
    lan8742a_power(false, true);
    assert_int_equal(stage_start(), MX_EIO);
    assert_true(missed(stage_driver.reset));
    assert_false(stage_poll());
    assert_false(stage_send(60));
    lan8742a_power(true, true);
    stage_up();
    assert_true(stage_send(60));
    end();
}

/* In the middle of an operation, and when it is still busy with the last one. */
static void test_mdio_is_stuck(void **state)
{
    uint16_t value;

    (void)state;
    stage_begin(3, HCLK);
    assert_int_equal(stage_start(), 0);
    (void)stage_poll();
    model_run(100);
    model_mdio_stop(true);
    assert_false(mdio_read(3, 1, &value)); /* it does not end */
    assert_false(mdio_read(3, 1, &value)); /* nor begin */
    assert_false(mdio_write(3, 0, 0));
    assert_true(missed(stage_driver.mdio));
    model_mdio_stop(false);
    lan8742a_cable(ALL, true);
    assert_true(stage_poll_until(true));
    end();
}

/* MDC, and what an erratum asks to be waited for. */
static void test_every_hclk(void **state)
{
    static const uint32_t mhz[] = {25,  34,  35,  36,  59,  60,  61,  99, 100,
                                   101, 149, 150, 151, 168, 180, 200, 216};

    (void)state;
    for (unsigned i = 0; i < sizeof mhz / sizeof mhz[0]; i++) {
        stage_begin(i, mhz[i] * 1000000);
        stage_up();
        assert_true(stage_send(60));
        end();
    }
}

/* --- the link --------------------------------------------------------------------- */

static void test_every_outcome_of_negotiation(void **state)
{
    (void)state;
    begin(4);
    for (uint16_t i = 1; i < 32; i++) {
        lan8742a_cable(0, false);
        assert_true(stage_poll_until(false));
        assert_false(stage_send(60));
        lan8742a_cable((uint16_t)((i & 15) << 5), i < 16);
        if ((i & 15) == 0) {
            continue;
        }
        assert_true(stage_poll_until(true));
        assert_int_equal(stage_arrive(TO_US, 60, false), FATE_TAKEN);
        stage_settle();
        assert_true(stage_receive());
        assert_true(stage_send(600));
        stage_settle();
    }
    end();
}

/* What the cable did not take is not sent later. */
static void test_what_waits_when_the_cable_goes(void **state)
{
    unsigned before, on_cable;

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        begin(seed);
        while (stage_send(1514)) {
        }
        before = stage_sent();
        lan8742a_cable(0, false);
        assert_true(stage_poll_until(false));
        on_cable = stage_counts().sent;
        model_run(1000);
        assert_int_equal(stage_counts().sent, on_cable);
        lan8742a_cable(ALL, true);
        assert_true(stage_poll_until(true));
        stage_settle();
        assert_int_equal(stage_sent(), before);
        assert_true(stage_send(1514));
        stage_settle();
        assert_int_equal(stage_sent(), before + 1);
        end();
    }
}

static void test_what_was_sent_when_the_cable_goes(void **state)
{
    (void)state;
    begin(10);
    while (stage_stats().sent + stage_sent() == 0) {
        assert_true(stage_send(100));
        stage_settle();
    }
    lan8742a_cable(0, false);
    assert_true(stage_poll_until(false));
    lan8742a_cable(ALL, true);
    assert_true(stage_poll_until(true));
    assert_int_equal(stage_stats().sent, stage_sent());
    end();
}

/* --- frames ------------------------------------------------------------------------ */

static void test_lengths(void **state)
{
    (void)state;
    begin(5);
    for (size_t len = 22; len <= 1518;
         len += len < 70 || len >= 1500 ? 1 : 110) {
        enum stage_kind kind = len > 1514 ? VLAN_TO_US : TO_US;

        if (len >= 60) {
            assert_int_equal(stage_arrive(kind, len, false), FATE_TAKEN);
            stage_settle();
            assert_true(stage_receive());
        }
        assert_true(stage_send(len));
        stage_settle();
    }
    assert_int_equal(stage_stats().broken, 0);
    assert_false(stage_send(1521));
    end();
    assert_int_equal(stage_sent(), stage_stats().sent);
}

static void test_who_is_meant(void **state)
{
    (void)state;
    begin(6);
    assert_int_equal(stage_arrive(TO_US, 60, false), FATE_TAKEN);
    assert_int_equal(stage_arrive(TO_GROUP, 60, false), FATE_TAKEN);
    assert_int_equal(stage_arrive(TO_ALL, 60, false), FATE_TAKEN);
    assert_int_equal(stage_arrive(TO_OTHERS, 60, false), FATE_FILTERED);
    end();
    assert_int_equal(stage_stats().received, 3);
}

static void test_broken_ones(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        begin(seed);
        assert_int_equal(stage_arrive(TO_US, 700, true), FATE_BROKEN);
        (void)stage_arrive(TO_US, 1530, false);
        assert_int_equal(stage_arrive(TO_US, 59, false), FATE_FILTERED);
        stage_settle();
        (void)stage_arrive(TO_US, 2040, false);
        assert_int_not_equal(stage_arrive(TO_US, 2050, false), FATE_TAKEN);
        stage_settle();
        assert_int_equal(stage_arrive(TO_US, 61, false), FATE_TAKEN);
        stage_settle();
        stage_receive_all();
        end();
        assert_int_equal(stage_stats().received, 1);
    }
}

/* Where the H7 marks some that are not, and some of both come with a nibble too
 * much (errata). */
static void test_broken_ones_at_ten_megabits(void **state)
{
    unsigned broken = 0;

    (void)state;
    begin(10);
    lan8742a_cable(TEN, true);
    assert_true(stage_poll_until(false));
    assert_true(stage_poll_until(true));
    for (unsigned i = 0; i < 200; i++) {
        bool bad_fcs = model_chance(3);

        assert_int_equal(stage_arrive(TO_US, 60 + 7 * i, bad_fcs),
                         bad_fcs ? FATE_BROKEN : FATE_TAKEN);
        broken += bad_fcs;
        stage_settle();
        (void)stage_receive();
    }
    end();
    assert_int_equal(stage_stats().broken, broken);
    assert_int_equal(stage_stats().received, 200 - broken);
}

static void test_pool_runs_dry(void **state)
{
    (void)state;
    begin(7);
    stage_leave(2);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(stage_arrive(TO_US, 300, false), FATE_TAKEN);
        stage_settle();
        (void)stage_receive();
    }
    assert_in_range(stage_stats().no_pbuf, 1, 18);
    end();
}

/* --- DMA ----------------------------------------------------------------------------- */

/* A burst fills the ring, the DMA waits, and goes on when there is room. */
static void test_more_than_the_ring_holds(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        begin(seed);
        for (unsigned i = 0; i < 3 * stage_driver.rx_ring; i++) {
            (void)stage_arrive(TO_US, 100, false);
            model_run(20);
        }
        stage_settle();
        assert_true(stage_stats().overruns + mac_counts().rx_suspended > 0);
        stage_receive_all();
        (void)stage_poll();
        stage_settle();
        stage_receive_all();
        (void)stage_arrive(TO_US, 1000, false);
        stage_settle();
        assert_true(stage_receive());
        end();
        assert_true(stage_stats().unavailable > 0);
    }
}

/* One descriptor is free again: that is enough for the DMA to go on. */
static void test_goes_on_with_one(void **state)
{
    uint32_t before;

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        begin(seed);
        for (unsigned i = 0; i < stage_driver.rx_ring + 2; i++) {
            (void)stage_arrive(TO_US, 100, false);
            stage_settle();
        }
        (void)stage_poll();
        stage_settle();
        before = stage_stats().overruns;
        assert_true(stage_receive());
        stage_settle();
        assert_int_equal(stage_arrive(TO_US, 101, false), FATE_TAKEN);
        stage_settle();
        (void)stage_poll();
        assert_int_equal(stage_stats().overruns, before);
        end();
    }
}

/* It is sent at once, not at the next eth_poll(); but if the chip forgets a
 * demand that comes early. */
static void test_sends_without_poll(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        begin(seed);
        for (unsigned i = 1; i < 20; i++) {
            assert_true(stage_send(22 + i));
            stage_settle();
            if (!mac_remembers()) {
                (void)stage_poll();
                stage_settle();
            }
            assert_int_equal(stage_sent(), i);
        }
        end();
    }
}

/* A descriptor comes just when the DMA found none: if the chip did not notice,
 * eth_poll() does. */
static void test_races_are_healed(void **state)
{
    uint32_t before;

    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        begin(seed);
        for (unsigned i = 0; i < stage_driver.rx_ring; i++) {
            (void)stage_arrive(TO_US, 60, false);
            model_run(i + 1 < stage_driver.rx_ring ? 200 : model_random(30));
        }
        before = stage_sent();
        assert_true(stage_receive());
        assert_true(stage_send(60));
        model_run(model_random(60));
        assert_true(stage_send(61));
        stage_settle();
        (void)stage_poll();
        stage_settle();
        assert_int_equal(stage_sent(), before + 2);
        before = stage_stats().overruns;
        assert_int_equal(stage_arrive(TO_US, 62, false), FATE_TAKEN);
        stage_settle();
        (void)stage_poll();
        assert_int_equal(stage_stats().overruns, before);
        end();
    }
}

static void test_every_frame_interrupts(void **state)
{
    (void)state;
    begin(8);
    for (unsigned i = 0; i < 50; i++) {
        unsigned before = stage_counts().interrupts;

        assert_false(eth_pending());
        assert_int_equal(stage_arrive(TO_US, 80, false), FATE_TAKEN);
        stage_settle();
        assert_int_equal(stage_counts().interrupts, before + 1);
        assert_true(eth_pending());
        assert_true(stage_receive());
    }
    end();
}

/* Those of frames without a descriptor, and without room in the FIFO. */
static void test_counters_that_go_round(void **state)
{
    uint32_t preset;

    (void)state;
    begin(9);
    preset = stage_preset();
    for (unsigned i = 0; i < 3 * stage_driver.rx_ring; i++) {
        (void)stage_arrive(TO_US, 60, false);
        stage_settle();
    }
    (void)stage_poll();
    preset += stage_preset();
    while (stage_arrive(TO_US, 1000, false) != FATE_MISSED) {
    }
    end();
    assert_true(stage_stats().overruns > preset);
}

/* What had come up before stays, and it goes on. */
static void test_fatal_bus_error(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        begin(seed);
        (void)stage_arrive(TO_US, 100, false);
        (void)stage_arrive(TO_US, 101, false);
        stage_settle();
        mac_fail();
        (void)stage_send(200);
        (void)stage_arrive(TO_US, 102, false);
        stage_settle();
        assert_true(stage_poll_until(true));
        assert_int_equal(stage_stats().bus_errors, 1);
        assert_true(stage_receive());
        assert_true(stage_receive());
        assert_int_equal(stage_arrive(TO_US, 103, false), FATE_TAKEN);
        assert_true(stage_send(201));
        (void)stage_poll();
        stage_settle();
        assert_true(stage_receive());
        end();
    }
}

/* --- anything --------------------------------------------------------------------------- */

static size_t some_length(void)
{
    static const uint16_t edge[] = {59, 60, 61, 1513, 1514, 1515, 1518, 1519};

    if (model_chance(3)) {
        return edge[model_random(sizeof edge / sizeof edge[0])];
    }
    return model_chance(20) ? 1520 + model_random(560)
                            : 22 + model_random(1400);
}

static void burst(void)
{
    for (unsigned n = model_random(12); n > 0; n--) {
        (void)stage_arrive((enum stage_kind)model_random(KINDS), some_length(),
                           model_chance(10));
        model_run(model_random(30));
    }
}

static void send_some(void)
{
    for (unsigned n = model_random(6); n > 0; n--) {
        (void)stage_send(22 + model_random(1493));
    }
}

static void receive_some(void)
{
    for (unsigned n = model_random(14); n > 0; n--) {
        (void)stage_receive();
    }
}

static void cable(void)
{
    lan8742a_cable(model_chance(2) ? ALL : (uint16_t)(model_random(16) << 5),
                   !model_chance(4));
}

static void power(void)
{
    lan8742a_power(!model_chance(3), model_chance(2));
}

static void pool(void)
{
    stage_leave(model_chance(3) ? model_random(5) : 200);
}

static void ask(void)
{
    for (unsigned n = model_random(3); n > 0; n--) {
        (void)stage_poll();
    }
}

static void time_goes_on(void)
{
    model_run(model_random(300));
}

/* What goes wrong now and then, and for how long. */
static void trouble(void)
{
    static void (*const kinds[])(void) = {cable, power, lan8742a_hang,
                                          mac_fail};

    kinds[model_random(4)]();
    burst();
    for (unsigned n = model_random(20); n > 0; n--) {
        (void)stage_poll();
    }
}

static void (*const events[])(void) = {
    burst, burst,        receive_some, receive_some, send_some,
    ask,   time_goes_on, time_goes_on, pool,         trouble,
};

/* Whatever was: with power, cable and pbufs it is as new. */
static void recover(void)
{
    unsigned before;

    lan8742a_power(true, true);
    lan8742a_cable(ALL, true);
    stage_leave(200);
    assert_true(stage_poll_until(true) && stage_poll_until(true));
    for (unsigned i = 0; i < 20; i++) {
        (void)stage_poll();
    }
    calm();
    before = stage_sent();
    assert_int_equal(stage_arrive(TO_US, 1514, false), FATE_TAKEN);
    assert_true(stage_send(1514));
    stage_settle();
    (void)stage_poll();
    stage_settle();
    assert_true(stage_receive());
    assert_int_equal(stage_sent(), before + 1);
}

static void test_anything(void **state)
{
    static const uint32_t mhz[] = {25, 48, 72, 120, 168};
    unsigned kinds = sizeof events / sizeof events[0];

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        stage_begin(seed, mhz[seed % 5] * 1000000);
        stage_up();
        for (unsigned i = 0; i < EVENTS; i++) {
            events[model_random(kinds)]();
        }
        recover();
        stage_check();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pool_too_dry_to_start),
        cmocka_unit_test(test_no_clock_from_the_phy),
        cmocka_unit_test(test_mdio_is_stuck),
        cmocka_unit_test(test_every_hclk),
        cmocka_unit_test(test_every_outcome_of_negotiation),
        cmocka_unit_test(test_what_waits_when_the_cable_goes),
        cmocka_unit_test(test_what_was_sent_when_the_cable_goes),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_who_is_meant),
        cmocka_unit_test(test_broken_ones),
        cmocka_unit_test(test_broken_ones_at_ten_megabits),
        cmocka_unit_test(test_pool_runs_dry),
        cmocka_unit_test(test_more_than_the_ring_holds),
        cmocka_unit_test(test_goes_on_with_one),
        cmocka_unit_test(test_sends_without_poll),
        cmocka_unit_test(test_races_are_healed),
        cmocka_unit_test(test_every_frame_interrupts),
        cmocka_unit_test(test_counters_that_go_round),
        cmocka_unit_test(test_fatal_bus_error),
        cmocka_unit_test(test_anything),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    struct model_counts chip = model_counts();
    struct stage_counts frames = stage_counts();

    printf("%d seeds; frames: %u arrived, %u came up, %u sent; %u interrupts; "
           "%llu rules, %llu accesses, %llu steps\n",
           SEEDS, frames.arrived, frames.received, frames.sent,
           frames.interrupts, (unsigned long long)chip.rules,
           (unsigned long long)chip.accesses, (unsigned long long)chip.steps);
    return failed;
}
