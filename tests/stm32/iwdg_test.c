/* SPDX-License-Identifier: BSD-3-Clause */
/* The watchdog is started with its time, and fed. */
#include "iwdg.h"

#include "counts.h"
#include "dog.h"
#include "hw.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SEEDS 5000

static void begin(uint64_t seed, const char *never)
{
    model_begin(seed);
    dog_begin();
    dog_withhold(never);
    iwdg_start();
}

static void it_runs_for_16_seconds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed, NULL);
        assert_true(dog_runs());
        assert_int_equal(dog_period_ms(), 16000);
        assert_int_equal(dog_meals(), 1);
        iwdg_feed();
        assert_int_equal(dog_meals(), 2);
    }
    assert_null(hw_missed(0));
}

static void values_never_come(void **state)
{
    (void)state;
    begin(1, "PVU");
    assert_true(dog_runs());
    assert_int_equal(dog_meals(), 1);
    assert_string_equal(hw_missed(0), "IWDG_SR.PVU");
    begin(1, "RVU");
    assert_int_equal(dog_meals(), 1);
    assert_string_equal(hw_missed(1), "IWDG_SR.RVU");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_runs_for_16_seconds),
        cmocka_unit_test(values_never_come),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
