/* SPDX-License-Identifier: BSD-3-Clause */
/* UART0, 115200 8N1 (a PL011, data sheet 12).
 * Received by interrupt, sent by waiting. */
#include "board.h"
#include "regs.h"
#include "typed.h"

#define BAUD 115200u
#define SPINS 20000u /* longer than sixteen characters take */

/* Divisor in 64ths, rounded: hz / (16 * baud). */
void uart_start(uint32_t hz)
{
    uint32_t divisor = (hz * 8 / BAUD + 1) / 2;

    UART_CTL = 0;
    UART_IBRD = divisor / 64;
    UART_FBRD = divisor % 64;
    UART_LCRH = LCRH_8N1_FIFO;
    UART_IM = UART_INT_RX | UART_INT_RX_TIMEOUT;
    UART_CTL = CTL_ENABLE;
    NVIC_ENABLE(IRQ_UART0);
}

void uart_interrupt(void)
{
    UART_ICR = UART_INT_RX | UART_INT_RX_TIMEOUT;
    while (typed_room() && (UART_FR & FR_RXFE) == 0) {
        typed_put((char)UART_DR);
    }
}

void board_listen(void)
{
    NVIC_PEND(IRQ_UART0);
}

void board_putc(char c)
{
    for (uint32_t i = 0; (UART_FR & FR_TXFF) != 0; i++) {
        if (i == SPINS) {
            return;
        }
    }
    UART_DR = (uint8_t)c;
}
