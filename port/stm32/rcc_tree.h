/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What rcc.c asks of the chip's own clock tree. rcc_v1.c with rcc_f4.c or
 * rcc_f7.c; rcc_h7.c.
 *
 *     rcc.c          rcc_tree.h     rcc_v1.c, rcc_h7.c     rcc_f4.c, rcc_f7.c
 *     start, gates  ───────────►    oscillators, dividers   ─────►  voltage
 */
#ifndef TINYMX_STM32_RCC_TREE_H
#define TINYMX_STM32_RCC_TREE_H

#include "rcc.h"

/* Registers of RCC and bits in them; no bits: there is no such thing. */
struct rcc_gate {
    uint16_t enable_reg;
    uint32_t enable;
    uint16_t reset_reg;
    uint32_t reset;
};
extern const struct rcc_gate rcc_gates[RCC_UNITS];

/* Why the chip was reset, the most telling first: where several of them are set
 * the later ones followed from it. Up to a NULL. */
struct rcc_cause {
    uint32_t flag;
    const char *name;
};
extern const struct rcc_cause rcc_causes[];
extern const uint16_t rcc_cause_reg;
extern const uint32_t rcc_cause_clear;

/* From HSI to the plan. False: a bit never came, and the chip is somewhere on
 * the way. */
bool rcc_climb(const struct rcc_plan *plan);

/* From anywhere on the way back to HSI; the clocks that there are then. */
void rcc_return(const struct rcc_plan *plan, struct rcc_clocks *clocks);

/* The clocks of a plan at whose end the chip is. */
void rcc_reckon(const struct rcc_plan *plan, struct rcc_clocks *clocks);

/* --- rcc.c to the trees -------------------------------------------------- */

/* The longest is that of a crystal, some milliseconds. */
#define RCC_SPINS_HSE 200000u
#define RCC_SPINS 20000u

/* The most telling of these. */
const char *rcc_cause_of(uint32_t flags);

/* HPRE, and PPRE: 1, 2, 4, 8, 16; `half` is what the field has for 2. */
uint32_t rcc_divider(uint8_t by, uint32_t half);

/* --- rcc_f4.c, rcc_f7.c to rcc_v1.c --------------------------------------- */

/* The regulator, when the PLL is on but not SYSCLK yet; and back. */
bool rcc_boost(const struct rcc_plan *plan);
void rcc_calm(void);

/* FLASH_ACR beside the wait states. */
extern const uint32_t rcc_flash_help;

#endif
