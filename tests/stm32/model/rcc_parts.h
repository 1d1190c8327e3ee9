/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the clock model to each other: gates and what comes later
 * (rcc.c), the tree (rcc_v1.c, rcc_h7.c). */
#ifndef TINYMX_TEST_STM32_RCC_PARTS_H
#define TINYMX_TEST_STM32_RCC_PARTS_H

#include "clock.h"

#include <stddef.h>

#define MHZ 1000000u
#define BIT(n) (1u << (n))

/* --- rcc.c to a tree ------------------------------------------------------- */

/* What comes some steps after it was asked for. */
struct soon {
    const char *name;
    bool wanted, come;
    unsigned left;
};
void soon_want(struct soon *s, bool wanted); /* false: gone at once */
void soon_step(struct soon *s);
bool soon_never(const char *name);

/* Are gates open but this one? Then the first of them. */
const char *gates_open_but(const char *name);

uint32_t crystal_hz(void);
bool crystal_bypass(void);

/* Bits of `mask` are what they were. */
void must_stay(const char *reg, uint32_t old, uint32_t value, uint32_t mask);

/* --- a tree to rcc.c ------------------------------------------------------- */

struct gate {
    const char *name;
    uint8_t enable, enable_bit;
    uint8_t reset, reset_bit; /* reset 0: it has none */
    bool open;                /* after a reset */
};
extern const struct gate gates[]; /* until a NULL */

void tree_begin(const char *chip); /* adds the units beside RCC, too */
uint32_t tree_rd(uint32_t off);
void tree_wr(uint32_t off, uint32_t value);
void tree_step(void);
void tree_flags(uint32_t flags);

#endif
