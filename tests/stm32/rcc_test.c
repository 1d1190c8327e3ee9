/* SPDX-License-Identifier: BSD-3-Clause */
/* rcc_start() and the gates against the model: what is reported is what there
 * is, whichever bit comes late, or never. */
#include "rcc.h"

#include "base.h"
#include "clock.h"
#include "counts.h"
#include "hw.h"
#include "model.h"
#include "rcc_cases.h"
#include "rcc_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define SEEDS 3000
#define CR_HSEON_PLLON 0x01010000u /* of all families */
#define SEEDS_MISSING 50           /* the waits are long */

static void begin(uint64_t seed, const struct rcc_case *c)
{
    model_begin(seed);
    clock_begin(c->chip);
    clock_crystal(c->crystal_hz, c->bypass);
    clock_withhold(NULL);
}

static void expect(const struct rcc_clocks *want, const struct rcc_clocks *got)
{
    assert_int_equal(got->core_hz, want->core_hz);
    assert_int_equal(got->hclk_hz, want->hclk_hz);
    assert_int_equal(got->pclk1_hz, want->pclk1_hz);
    assert_int_equal(got->pclk2_hz, want->pclk2_hz);
    assert_int_equal(got->hsi, want->hsi);
    assert_int_equal(clock_hz("SYSCLK"), want->core_hz);
    assert_int_equal(clock_hz("HCLK"), want->hclk_hz);
    assert_int_equal(clock_hz("PCLK1"), want->pclk1_hz);
    assert_int_equal(clock_hz("PCLK2"), want->pclk2_hz);
    assert_int_equal(clock_is_hsi(), want->hsi);
}

static void plan_comes_up(void **state)
{
    struct rcc_clocks clocks;

    (void)state;
    for (const struct rcc_case *c = rcc_cases; c->chip != NULL; c++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            begin(seed, c);
            rcc_start(c->plan, &clocks);
            expect(&c->clocks, &clocks);
            assert_int_equal(clock_hz("RNG"), c->rng_hz);
            assert_null(hw_missed(0));
        }
    }
}

/* Whatever is there is opened, as if the plan had worked out. */
static void all_opens(void)
{
    for (const struct rcc_named *n = rcc_named; n->name != NULL; n++) {
        rcc_enable(n->unit);
        clock_needed(n->name);
    }
}

static void bit_never_comes(const struct rcc_case *c, uint64_t seed,
                            const struct rcc_missing *m)
{
    struct rcc_clocks clocks;

    begin(seed, c);
    clock_withhold(m->bit);
    rcc_start(c->plan, &clocks);
    expect(m->dispensable ? &c->clocks : &c->hsi, &clocks);
    if (!m->dispensable) {
        assert_int_equal(clock_hz("RNG"), c->rng_hsi_hz);
        assert_int_equal(hw_rd(RCC_BASE) & CR_HSEON_PLLON, 0);
    }
    all_opens();
}

/* Each in turn: hw_missed() has one more. */
static void without_a_bit(void **state)
{
    (void)state;
    for (unsigned i = 0; rcc_missing[i].bit != NULL; i++) {
        assert_null(hw_missed(i));
        for (const struct rcc_case *c = rcc_cases; c->chip != NULL; c++) {
            for (uint64_t seed = 1; seed <= SEEDS_MISSING; seed++) {
                bit_never_comes(c, seed, &rcc_missing[i]);
            }
        }
        assert_string_equal(hw_missed(i), rcc_missing[i].said);
        assert_null(hw_missed(i + 1));
    }
}

static void unit_opens_alone(void **state)
{
    (void)state;
    for (const struct rcc_named *n = rcc_named; n->name != NULL; n++) {
        begin(1, rcc_cases);
        assert_false(model_clock_runs(n->name));
        rcc_enable(n->unit);
        for (const struct rcc_named *o = rcc_named; o->name != NULL; o++) {
            assert_int_equal(model_clock_runs(o->name), o->unit == n->unit);
        }
    }
}

static void unit_is_held_and_released(void **state)
{
    (void)state;
    for (const struct rcc_named *n = rcc_named; n->name != NULL; n++) {
        begin(1, rcc_cases);
        rcc_enable(n->unit);
        rcc_hold(n->unit);
        for (const struct rcc_named *o = rcc_named; o->name != NULL; o++) {
            assert_int_equal(model_in_reset(o->name),
                             o->unit == n->unit && !o->no_reset);
        }
        rcc_release(n->unit);
        assert_false(model_in_reset(n->name));
        assert_true(model_clock_runs(n->name));
    }
}

static void cause_is_the_most_telling(void **state)
{
    (void)state;
    for (const struct rcc_situation *s = rcc_situations; s->cause; s++) {
        assert_string_equal(rcc_cause_of(s->flags), s->cause);
    }
}

static void cause_is_read_once(void **state)
{
    (void)state;
    begin(1, rcc_cases);
    clock_flags(rcc_situations[0].flags);
    assert_string_equal(rcc_reset_cause(), rcc_situations[0].cause);
    assert_int_equal(hw_rd(RCC_BASE + rcc_flags_at), 0);
    assert_string_equal(rcc_reset_cause(), rcc_situations[0].cause);
}

/* --- an emulator that has none of this ------------------------------------- */

static uint32_t nothing_rd(uint32_t off)
{
    (void)off;
    return 0;
}

static void nothing_wr(uint32_t off, uint32_t value)
{
    (void)off;
    (void)value;
}

static void nothing_is_there(void **state)
{
    static struct model_unit units[] = {
        {"RCC", RCC_BASE, 0x400, nothing_rd, nothing_wr, NULL, NULL},
        {"PWR", PWR_BASE, 0x400, nothing_rd, nothing_wr, NULL, NULL},
        {"FLASH", FLASH_R_BASE, 4, nothing_rd, nothing_wr, NULL, NULL},
    };
    struct rcc_clocks clocks;

    (void)state;
    model_begin(1);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        model_add(&units[i]);
    }
    rcc_start(rcc_cases[0].plan, &clocks);
    assert_true(clocks.hsi);
    for (unsigned u = 0; u < RCC_UNITS; u++) {
        rcc_enable((enum rcc_unit)u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_comes_up),
        cmocka_unit_test(without_a_bit),
        cmocka_unit_test(unit_opens_alone),
        cmocka_unit_test(unit_is_held_and_released),
        cmocka_unit_test(cause_is_the_most_telling),
        cmocka_unit_test(cause_is_read_once),
        cmocka_unit_test(nothing_is_there),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
