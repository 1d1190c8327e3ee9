/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * board.h of port/cortexm, as far as it is the same whatever the network and the
 * store are: clock, console, randomness, watchdog.
 */
#include "board.h"

#include "base.h"
#include "board_data.h"
#include "chip.h"
#include "core.h"
#include "flash.h"
#include "hw.h"
#include "iwdg.h"
#include "nvic.h"
#include "parts.h"
#include "rcc_regs.h"
#include "rng.h"
#include "typed.h"

#include "tinymx/console.h"
#include "tinymx/err.h"
#include "util/log.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct rcc_clocks clocks;

/* Of a chip RCC says at least that HSI runs, by which we do (RM0090 6.3.1). Where
 * it says nothing there is none: an emulator, with a clock of its own. */
static uint32_t core_hz(void)
{
    bool emulator = hw_rd(RCC_BASE + RCC_CR) == 0;

    return emulator && board_data.emulator_hz != 0 ? board_data.emulator_hz
                                                   : clocks.core_hz;
}

uint32_t board_start(void)
{
    core_start();
    rcc_start(&board_data.clock, &clocks);
    gpio_alternate(board_data.console_pins, COUNT(board_data.console_pins));
    usart_start(&board_data.console, &clocks);
    nvic_enable(board_data.console.irq);
    (void)rng_start(); /* board_entropy() says whether it did */
    iwdg_start();
    return core_hz();
}

const struct rcc_clocks *board_clocks(void)
{
    return &clocks;
}

/* --- what it says of itself ----------------------------------------------- */

static void log_erratum(void)
{
    if (chip_erratum() != NULL) {
        log_begin(MX_LOG_ERROR, "erratum", 0);
        log_text("why", chip_erratum());
        log_end();
    }
}

void board_hello(void)
{
    bool whole = hw_missed(0) == NULL;

    log_begin(whole ? MX_LOG_INFO : MX_LOG_WARN, "hardware", 0);
    log_u32("core_khz", clocks.core_hz / 1000);
    log_str("clock", clocks.hsi ? "HSI" : "HSE");
    for (unsigned i = 0; hw_missed(i) != NULL; i++) {
        log_str("missing", hw_missed(i));
    }
    log_end();
    log_erratum();
}

static void print_missed(struct mx_console *c)
{
    for (unsigned i = 0; hw_missed(i) != NULL; i++) {
        mx_console_print(c, i == 0 ? "missing: " : ", ");
        mx_console_print(c, hw_missed(i));
    }
    if (hw_missed(0) != NULL) {
        mx_console_print(c, "\n");
    }
}

void board_status(struct mx_console *c)
{
    const struct rng_stats *r = rng_stats();
    const struct mx_console_level clock[] = {
        {clocks.core_hz / 1000, clocks.hsi ? "kHz from HSI" : "kHz from HSE"},
    };
    const struct mx_console_level random[] = {
        {r->words, "words"},
        {r->seed_errors, "seed errors"},
        {r->clock_errors, "clock errors"},
        {r->health, "health tests failed"},
    };

    mx_console_levels(c, "clock", clock, COUNT(clock));
    mx_console_levels(c, "generator", random, COUNT(random));
    print_missed(c);
    board_store_status(c);
    board_link_status(c);
}

const char *board_reset_cause(void)
{
    return rcc_reset_cause();
}

/* --- the console ------------------------------------------------------------ */

void board_putc(char c)
{
    usart_putc(&board_data.console, c);
}

/* It asks for as long as a character waits: for one for which there is no room
 * it would ask for ever. */
void console_interrupt(void)
{
    char c;

    while (typed_room()) {
        if (!usart_getc(&board_data.console, &c)) {
            return;
        }
        typed_put(c);
    }
    nvic_disable(board_data.console.irq);
}

void board_listen(void)
{
    nvic_enable(board_data.console.irq);
}

/* --- the rest ---------------------------------------------------------------- */

int board_entropy(void *buf, size_t len)
{
    return rng_read(buf, len);
}

void board_feed(void)
{
    iwdg_feed();
}

bool board_readable(const void *flash, size_t len)
{
    return flash_readable(hw_address(flash), len);
}
