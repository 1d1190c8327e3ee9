/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A USART with a line: line.c with line_v1.c or line_v2.c. Characters come when
 * they will, some of them in broken frames; those for which the driver was too
 * slow are lost to an overrun.
 *
 *     line_put("ab", 2)  ──►  wire ──►  DR, RDR ──►  the driver
 *     line_sent()        ◄──  wire ◄──  DR, TDR ◄──
 */
#ifndef TINYMX_TEST_STM32_LINE_H
#define TINYMX_TEST_STM32_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* USART3, behind clock_begin(). One frame in `broken` is, 0: none. */
void line_begin(unsigned broken);

/* Puts them on the wire. */
void line_put(const char *text, size_t len);
bool line_idle(void); /* all have come */

/* Does the unit ask for an interrupt? */
bool line_asks(void);

/* What the driver had to get: came whole, and was not overrun. */
const char *line_good(size_t *len);

/* What it sent. */
const char *line_sent(size_t *len);
void line_stuck(bool stuck); /* TXE never comes again */

/* What BRR makes of the clock. */
uint32_t line_baud(void);

/* --- line.c to line_v1.c, line_v2.c ---------------------------------------- */

#define LINE_BASE 0x40004800u /* USART3 of all of them */
#define LINE_MOST 256

enum line_flag { LINE_PE = 1, LINE_FE = 2, LINE_NE = 4, LINE_ORE = 8 };

struct line {
    unsigned flags; /* enum line_flag; in all versions the same bits */
    bool rxne, txe, enabled, listens;
    char data; /* DR, RDR */
    uint32_t brr;
};
extern struct line line;

void line_add(void); /* of the version: its unit */
void line_enable(bool on, bool receives, bool sends, bool listens);
void line_divide(uint32_t brr);
void line_write(uint32_t value);
char line_read(bool known); /* `known`: the driver saw RXNE */
void line_step(void);

#endif
