/* SPDX-License-Identifier: BSD-3-Clause */
/* What the board is made of, and what it cannot say of itself. */
#include "board.h"

#include "regs.h"
#include "typed.h"
#include "tinymx/err.h"

/* The chip's part of the vector table, behind the core's. One that is not there
 * is never enabled. */
__attribute__((section(".vectors.irq"),
               used)) static void (*const handlers[IRQ_COUNT])(void) = {
    [IRQ_UART0_RX] = uart_interrupt,
    [IRQ_ETHERNET] = ethernet_interrupt,
};

/* The clock is set by the board's own controller before the core starts. */
uint32_t board_start(void)
{
    uart_start();
    return CLOCK_HZ;
}

/* Nothing that is not the same on every board. */
void board_hello(void)
{
}

void board_status(struct mx_console *c)
{
    (void)c;
}

/* No watchdog. */
void board_feed(void)
{
}

/* The PHY is not asked. */
bool board_eth_link(void)
{
    return true;
}

int board_identity(struct mx_block **dev)
{
    (void)dev;
    return MX_ENOTSUP;
}

/* The emulator has not got the register (CMSDK's RSTINFO). */
const char *board_reset_cause(void)
{
    return "unknown";
}

/* There is no generator. */
int board_entropy(void *buf, size_t len)
{
    (void)buf;
    (void)len;
    return MX_EENTROPY;
}

bool board_readable(const void *flash, size_t len)
{
    (void)flash;
    (void)len;
    return true;
}

bool board_pending(void)
{
    return ethernet_pending() || typed_pending();
}
