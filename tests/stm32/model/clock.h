/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock tree of a chip: RCC, PWR and the wait states of flash, as after a
 * reset. rcc.c with rcc_v1.c and rcc_f4.c or rcc_f7.c, or with rcc_h7.c.
 *
 *     model_begin(seed);
 *     clock_begin("f429");        its units are there
 *     ...                         the driver's rcc_start(), rcc_enable()
 *     clock_needed("GPIOA");      another model: broken when it does not run
 *
 * A clock that goes up must be one that the chip stands then: divided, with
 * enough wait states, and with enough voltage. A gate that was opened lets a
 * unit's clock run when its register was read back (errata: a delay). What comes
 * later comes after some steps, by the seed, or never.
 */
#ifndef TINYMX_TEST_STM32_CLOCK_H
#define TINYMX_TEST_STM32_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Behind model_begin(): "f405", "f429", "f767" or "h743", with 8 MHz from
 * outside. */
void clock_begin(const char *chip);

/* What the board has at OSC_IN. */
void clock_crystal(uint32_t hz, bool bypass);

/* The bit of that name, "HSERDY", never comes; "SWS": SYSCLK stays HSI; "LATENCY":
 * the wait states stay. NULL: all come. */
void clock_withhold(const char *bit);

/* What RCC_CSR, RCC_RSR say of the reset. */
void clock_flags(uint32_t flags);

/* Now, in Hz: "SYSCLK", "HCLK", "PCLK1", "PCLK2", "RNG" (0: none). */
uint32_t clock_hz(const char *what);
bool clock_is_hsi(void);

/* A unit is accessed: its clock runs, and it is not held in reset. */
void clock_needed(const char *unit);

#endif
