/* SPDX-License-Identifier: BSD-3-Clause */
/* UART0, 115200 8N1 (CMSDK's APB UART: no FIFO). Received by interrupt into a
 * ring, since a handshake keeps the main loop away for long; sent by waiting. */
#include "board.h"
#include "regs.h"

#define BAUD 115200u
#define RING 64u
#define SPINS 1000000u /* longer than a character takes */

static volatile char ring[RING];
static volatile uint32_t head; /* the interrupt's */
static volatile uint32_t tail; /* the main loop's */

void uart_start(void)
{
    UART_BAUDDIV = CLOCK_HZ / BAUD;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_INT;
    NVIC_ENABLE(IRQ_UART0_RX);
}

void uart_interrupt(void)
{
    UART_INTCLEAR = INT_UART_RX;
    while ((UART_STATE & STATE_RX_FULL) != 0) {
        char c = (char)UART_DATA;

        if (head - tail < RING) { /* else nobody reads: it is lost */
            ring[head % RING] = c;
            head++;
        }
    }
}

bool uart_pending(void)
{
    return head != tail;
}

size_t board_read(char *buf, size_t cap)
{
    size_t n = 0;

    while (n < cap && head != tail) {
        buf[n++] = ring[tail % RING];
        tail++;
    }
    return n;
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
