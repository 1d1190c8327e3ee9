/* SPDX-License-Identifier: BSD-3-Clause */
/* port/esp-idf/esp_entropy.c: no random number without noise, and never the ADC's
 * while a radio is on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bootloader_random.h"
#include "esp_random.h"
#include "os.h"
#include "tinymx/err.h"
#include "tinymx/idf.h"
#include "tinymx/port.h"

static int enabled, disabled;

void bootloader_random_enable(void)
{
    enabled++;
}

void bootloader_random_disable(void)
{
    disabled++;
}

void esp_fill_random(void *buf, size_t len)
{
    memset(buf, 'r', len);
}

/* In the order of a device's life. */
static const struct {
    int radio; /* -1: nobody says anything */
    enum os_noise noise;
    int enabled, disabled; /* by then */
} life[] = {
    {-1, OS_NOISE_NONE, 0, 0}, {0, OS_NOISE_ADC, 1, 0},
    {0, OS_NOISE_ADC, 1, 0},   {1, OS_NOISE_RADIO, 1, 1},
    {1, OS_NOISE_RADIO, 1, 1}, {0, OS_NOISE_ADC, 2, 1},
};

static void test_life(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
        uint8_t key[4] = {0};

        if (life[i].radio >= 0) {
            mx_idf_entropy(life[i].radio);
        }
        assert_int_equal(os_noise(), life[i].noise);
        assert_int_equal(enabled, life[i].enabled);
        assert_int_equal(disabled, life[i].disabled);
        assert_int_equal(mx_port_entropy(key, sizeof key),
                         i == 0 ? MX_EENTROPY : 0);
        assert_memory_equal(key, i == 0 ? "\0\0\0\0" : "rrrr", sizeof key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_life),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
