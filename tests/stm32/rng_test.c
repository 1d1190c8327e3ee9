/* SPDX-License-Identifier: BSD-3-Clause */
/* What the generator gives out was tested; what is no source gives nothing. */
#include "clock.h"
#include "health.h"
#include "hw.h"
#include "model.h"
#include "noise.h"
#include "rng.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define SEEDS 1000
#define WORDS 64

static const char *chip;

static int start(uint64_t seed, enum noise noise)
{
    model_begin(seed);
    clock_begin(chip);
    noise_begin(noise);
    return rng_start();
}

/* Words that were given out were made while nothing was wrong, and no two in a
 * row are the same. */
static void check_read(void)
{
    uint32_t got[WORDS];

    assert_int_equal(rng_read(got, sizeof got), 0);
    for (int i = 0; i < WORDS; i++) {
        assert_true(noise_gave(got[i]));
        assert_true(i == 0 || got[i] != got[i - 1]);
    }
}

static void check_none(void)
{
    static const uint8_t zeros[7];
    uint8_t got[9];

    memset(got, 0xa5, sizeof got);
    assert_int_equal(rng_read(got, 7), MX_EENTROPY);
    assert_memory_equal(got, zeros, 7);
    assert_int_equal(got[7], 0xa5);
}

/* --- sources --------------------------------------------------------------------- */

static void a_good_one_passes(void **state)
{
    uint8_t got[9];

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        assert_int_equal(start(seed, NOISE_GOOD), 0);
        check_read();
        memset(got, 0xa5, sizeof got);
        assert_int_equal(rng_read(got, 7), 0);
        assert_int_equal(got[7], 0xa5);
        assert_int_equal(rng_stats()->words, 1024 + WORDS + 2);
        assert_int_equal(rng_stats()->health, 0);
        assert_int_equal(rng_stats()->seed_errors, 0);
    }
}

/* FIPS 140-2's: a word that comes again at once is not given out again. */
static void no_word_twice(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        assert_int_equal(start(seed, NOISE_GOOD), 0);
        noise_becomes(NOISE_TWICE);
        for (int i = 0; i < 4; i++) {
            check_read();
        }
    }
}

static void others_do_not_start(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        enum noise noise = 1 + (enum noise)(seed % (NOISES - 1));

        assert_int_equal(start(seed, noise), MX_EENTROPY);
        assert_int_equal(rng_stats()->health, 1);
        assert_true(rng_stats()->words < 1024);
        check_none();
    }
}

/* For good: also when the source is a good one again. */
static void or_they_stop(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        uint32_t got[WORDS];
        unsigned reads = 0;

        assert_int_equal(start(seed, NOISE_GOOD), 0);
        noise_becomes(1 + (enum noise)(seed % (NOISES - 1)));
        while (rng_read(got, sizeof got) == 0 && reads < 100) {
            reads++;
        }
        assert_true(reads < 2 * HEALTH_WORDS / WORDS + 1);
        noise_becomes(NOISE_GOOD);
        check_none();
    }
}

/* --- errors ------------------------------------------------------------------------- */

static void errors_are_recovered_from(void **state)
{
    uint32_t seeds = 0, clocks = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        assert_int_equal(start(seed, NOISE_GOOD), 0);
        noise_seed_errors(300);
        noise_clock_errors(200);
        for (int i = 0; i < 4; i++) {
            check_read();
        }
        assert_int_equal(rng_stats()->health, 0);
        seeds += rng_stats()->seed_errors;
        clocks += rng_stats()->clock_errors;
    }
    assert_true(seeds > SEEDS / 8 && clocks > SEEDS / 8);
}

static void errors_that_stay_end_it(void **state)
{
    static void (*const ends[])(void) = {noise_silent, noise_no_clock,
                                         noise_no_seed};

    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        assert_int_equal(start(seed, NOISE_GOOD), 0);
        ends[seed % 3]();
        check_none();
        check_none();
        assert_int_equal(rng_stats()->clock_errors > 0, seed % 3 == 1);
        assert_int_equal(rng_stats()->seed_errors > 0, seed % 3 == 2);
    }
    assert_string_equal(hw_missed(0), "RNG_SR.CECS");
    assert_string_equal(hw_missed(1), "RNG_SR.SECS");
    assert_string_equal(hw_missed(2), "RNG_SR.DRDY");
    assert_null(hw_missed(3));
}

/* Each is over at once, and then there is another: it does not go on for ever. */
static void so_do_errors_without_end(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        bool clock = seed % 2 == 0;

        assert_int_equal(start(seed, NOISE_GOOD), 0);
        noise_seed_errors(!clock);
        noise_clock_errors(clock);
        check_none();
        assert_in_range(rng_stats()->seed_errors + rng_stats()->clock_errors, 4,
                        20);
    }
}

static void never_ready_is_no_start(void **state)
{
    static void (*const ends[])(void) = {noise_silent, noise_no_clock,
                                         noise_no_seed};

    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        model_begin(seed);
        clock_begin(chip);
        noise_begin(NOISE_GOOD);
        ends[seed % 3]();
        assert_int_equal(rng_start(), MX_EENTROPY);
        check_none();
    }
}

/* --- the tests of health themselves ------------------------------------------------- */

/* One fewer than the cutoff passes. */
static void cutoffs(void **state)
{
    struct health h = {0};

    (void)state;
    assert_true(health_take(&h, 7) && health_take(&h, 7));
    assert_false(health_take(&h, 7));

    h = (struct health){0};
    for (uint32_t i = 0; i < HEALTH_WORDS; i++) {
        uint32_t word = i % 150 == 0 ? 0x5a5aa5a5 : i << 16 | (uint16_t)~i;

        assert_int_equal(health_take(&h, word), i < 450);
    }

    h = (struct health){0};
    for (uint32_t i = 0; i < 2 * HEALTH_BITS / 32; i++) {
        /* 25 ones each are 800 in a window; then 26, 832 */
        uint32_t few = 0x01ffffffu, more = 0x03ffffffu;
        uint32_t word = i < HEALTH_BITS / 32 ? few : more;
        uint32_t turn = i % 25;

        word = word << turn | (turn > 0 ? word >> (32 - turn) : 0);
        word = i % 32 == 0 ? word | 1 : word;
        assert_int_equal(health_take(&h, word), i < 32 + 31);
    }
}

static int print(void **state)
{
    struct model_counts all = model_counts();

    (void)state;
    printf("%s: %llu rules, %llu accesses, %llu steps\n", chip,
           (unsigned long long)all.rules, (unsigned long long)all.accesses,
           (unsigned long long)all.steps);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_one_passes),
        cmocka_unit_test(no_word_twice),
        cmocka_unit_test(others_do_not_start),
        cmocka_unit_test(or_they_stop),
        cmocka_unit_test(errors_are_recovered_from),
        cmocka_unit_test(errors_that_stay_end_it),
        cmocka_unit_test(so_do_errors_without_end),
        cmocka_unit_test(never_ready_is_no_start),
        cmocka_unit_test(cutoffs),
    };

    chip = RNG_TEST_CHIP;
    return cmocka_run_group_tests(tests, NULL, print);
}
