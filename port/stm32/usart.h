/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An asynchronous line, 8N1: received by interrupt, sent by waiting.
 * usart_v1.c (F4: SR, DR), usart_v2.c (F7, H7: ISR, RDR, TDR).
 */
#ifndef TINYMX_STM32_USART_H
#define TINYMX_STM32_USART_H

#include "rcc.h"

#include <stdbool.h>
#include <stdint.h>

/* A board's data. */
struct usart {
    uint32_t base;
    enum rcc_unit unit;
    uint8_t irq;
    bool apb2; /* clocked by PCLK2, not PCLK1 */
    uint32_t baud;
};

/* Its pins are set. */
void usart_start(const struct usart *u, const struct rcc_clocks *clocks);

/* Waits a bounded time for room, and drops the character then. */
void usart_putc(const struct usart *u, char c);

/* The next received character; false: there is none. Errors (overrun, framing,
 * noise) are cleared and passed over. */
bool usart_getc(const struct usart *u, char *c);

#endif
