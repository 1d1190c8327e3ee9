/* SPDX-License-Identifier: BSD-3-Clause */
/* A serial line in both versions: what comes whole is had in order, what is
 * broken is not, and nothing hangs. */
#include "usart.h"

#include "base.h"
#include "clock.h"
#include "counts.h"
#include "hw.h"
#include "line.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define SEEDS 2000

static const struct usart usart = {
    .base = USART3_BASE,
    .unit = RCC_USART3,
    .irq = USART3_IRQn,
    .baud = 115200,
};

static void begin(uint64_t seed, unsigned broken)
{
    struct rcc_clocks clocks = {0};

    model_begin(seed);
    clock_begin(TEST_CHIP);
    line_begin(broken);
    clocks.pclk1_hz = clock_hz("PCLK1");
    clocks.pclk2_hz = 1; /* not this line's */
    usart_start(&usart, &clocks);
}

/* The interrupt's loop, as long as the unit asks. */
static void serve(char *got, size_t *len)
{
    for (unsigned i = 0; line_asks(); i++) {
        char c;

        assert_true(i < LINE_MOST);
        while (usart_getc(&usart, &c)) {
            assert_true(*len < LINE_MOST);
            got[(*len)++] = c;
        }
    }
}

static void receive_all(unsigned broken, unsigned idle)
{
    char text[100], got[LINE_MOST];
    size_t len = 0, want;
    const char *good;

    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)i;
    }
    line_put(text, sizeof text);
    while (!line_idle()) {
        model_run(1 + model_random(idle));
        serve(got, &len);
    }
    serve(got, &len);
    good = line_good(&want);
    assert_int_equal(len, want);
    assert_memory_equal(got, good, len);
    assert_true(len > 0 && (broken != 0 || idle > 4 || len > 50));
}

static void characters_come(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed, 0);
        receive_all(0, 4);
    }
}

static void frames_are_broken(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed, 3);
        receive_all(3, 4);
    }
}

static void we_are_too_slow(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed, 5);
        receive_all(5, 100);
    }
}

static void characters_go(void **state)
{
    const char text[] = "mail \xc3\xa4\n";
    size_t len;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed, 0);
        for (size_t i = 0; i < sizeof text; i++) {
            usart_putc(&usart, text[i]);
        }
        assert_memory_equal(line_sent(&len), text, sizeof text);
        assert_int_equal(len, sizeof text);
    }
    assert_null(hw_missed(0));
}

static void nobody_takes_them(void **state)
{
    size_t len;

    (void)state;
    begin(1, 0);
    line_stuck(true);
    usart_putc(&usart, 'a');
    usart_putc(&usart, 'b');
    (void)line_sent(&len);
    assert_int_equal(len, 1);
    assert_non_null(strstr(hw_missed(0), ".TXE"));
    line_stuck(false);
    usart_putc(&usart, 'c');
    assert_memory_equal(line_sent(&len), "ac", 2);
}

/* Half a percent off: 20 times better than the line needs. */
static void pace_is_right(void **state)
{
    static const uint32_t bauds[] = {9600, 38400, 115200, 230400};

    (void)state;
    for (size_t i = 0; i < sizeof bauds / sizeof *bauds; i++) {
        struct usart u = usart;
        struct rcc_clocks clocks = {0};

        begin(1, 0);
        clocks.pclk1_hz = clock_hz("PCLK1");
        u.baud = bauds[i];
        usart_start(&u, &clocks);
        assert_in_range(line_baud(), bauds[i] - bauds[i] / 100,
                        bauds[i] + bauds[i] / 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_come),
        cmocka_unit_test(frames_are_broken),
        cmocka_unit_test(we_are_too_slow),
        cmocka_unit_test(characters_go),
        cmocka_unit_test(nobody_takes_them),
        cmocka_unit_test(pace_is_right),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
