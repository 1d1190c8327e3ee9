/* SPDX-License-Identifier: BSD-3-Clause */
/* gpio_alternate() against the ports: a pin becomes what it is to be, and no
 * other one changes. */
#include "gpio.h"

#include "clock.h"
#include "counts.h"
#include "model.h"
#include "pins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define SEEDS 3000
#define PORTS 8
#define MOST 12

struct board {
    int af[PORTS][16];
};

static void begin(uint64_t seed)
{
    model_begin(seed);
    clock_begin(TEST_CHIP);
    pins_begin();
}

static void look(struct board *b)
{
    for (unsigned port = 0; port < PORTS; port++) {
        for (unsigned pin = 0; pin < 16; pin++) {
            b->af[port][pin] = model_pin_af((char)('A' + port), pin);
        }
    }
}

/* JTAG's have a function already. */
static bool is_debuggers(unsigned port, unsigned pin)
{
    return (port == 0 && pin >= 13) || (port == 1 && (pin == 3 || pin == 4));
}

static size_t some_pins(struct gpio_pin *pins, struct board *want)
{
    size_t count = 1 + model_random(MOST);

    for (size_t i = 0; i < count;) {
        unsigned port = model_random(PORTS), pin = model_random(16);

        if (!is_debuggers(port, pin) && want->af[port][pin] == -1) {
            want->af[port][pin] = (int)model_random(16);
            pins[i].port = (char)('A' + port);
            pins[i].pin = (uint8_t)pin;
            pins[i].af = (uint8_t)want->af[port][pin];
            i++;
        }
    }
    return count;
}

static void pins_get_their_functions(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct gpio_pin pins[MOST];
        struct board want, got;
        size_t count;

        begin(seed);
        look(&want);
        count = some_pins(pins, &want);
        gpio_alternate(pins, count);
        look(&got);
        assert_memory_equal(&got, &want, sizeof got);
        for (size_t i = 0; i < count; i++) {
            assert_true(pins_fast(pins[i].port, pins[i].pin));
        }
        gpio_alternate(pins, count); /* once more is nothing new */
    }
}

static void only_its_port_opens(void **state)
{
    const struct gpio_pin pin = {'D', 8, 7};

    (void)state;
    begin(1);
    gpio_alternate(&pin, 1);
    for (char port = 'A'; port < 'A' + PORTS; port++) {
        const char name[] = {'G', 'P', 'I', 'O', port, 0};

        assert_int_equal(model_clock_runs(name), port == 'D');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pins_get_their_functions),
        cmocka_unit_test(only_its_port_opens),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
