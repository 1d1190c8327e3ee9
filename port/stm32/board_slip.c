/* SPDX-License-Identifier: BSD-3-Clause */
/* board.h's serial line, for SLIP: USART2; the console is USART1. */
#include "base.h"
#include "board.h"
#include "board_data.h"
#include "nvic.h"
#include "parts.h"
#include "serial.h"
#include "typed.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void line_interrupt(void);

/* The chip's part of the vector table, behind the core's. */
__attribute__((section(".vectors.irq"),
               used)) static void (*const handlers[IRQ_COUNT])(void) = {
    [USART1_IRQn] = console_interrupt,
    [USART2_IRQn] = line_interrupt,
};

void board_serial_start(void)
{
    gpio_alternate(board_data.line_pins, COUNT(board_data.line_pins));
    usart_start(&board_data.line, board_clocks());
    nvic_enable(board_data.line.irq);
}

/* As console_interrupt(). */
static void line_interrupt(void)
{
    char c;

    while (serial_room()) {
        if (!usart_getc(&board_data.line, &c)) {
            return;
        }
        serial_put((uint8_t)c);
    }
    nvic_disable(board_data.line.irq);
}

void board_serial_listen(void)
{
    nvic_enable(board_data.line.irq);
}

void board_serial_putc(uint8_t byte)
{
    usart_putc(&board_data.line, (char)byte);
}

bool board_pending(void)
{
    return serial_pending() || typed_pending();
}

void board_link_status(struct mx_console *c)
{
    (void)c;
}
