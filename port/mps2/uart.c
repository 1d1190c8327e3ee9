/* SPDX-License-Identifier: BSD-3-Clause */
/* UART0, 115200 8N1 (CMSDK's APB UART: no FIFO).
 * Received by interrupt, sent by waiting. */
#include "board.h"
#include "regs.h"
#include "typed.h"

#define BAUD 115200u
#define SPINS 1000000u /* longer than a character takes */

void uart_start(void)
{
    UART_BAUDDIV = CLOCK_HZ / BAUD;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INT;
    NVIC_ENABLE(IRQ_UART0_RX);
}

void uart_interrupt(void)
{
    UART_INTCLEAR = INT_UART_RX;
    while (typed_room() && (UART_STATE & STATE_RX_FULL) != 0) {
        typed_put((char)UART_DATA);
    }
}

void board_listen(void)
{
    NVIC_PEND(IRQ_UART0_RX);
}

/* In the emulator who reads the console may pause, and nothing is to be lost;
 * or read no more, and then only the first character waits for it. */
void board_putc(char c)
{
    static bool stuck;

    for (uint32_t i = 0; (UART_STATE & STATE_TX_FULL) != 0; i++) {
        if (stuck || i == SPINS) {
            stuck = true;
            return;
        }
    }
    stuck = false;
    UART_DATA = (uint8_t)c;
}
