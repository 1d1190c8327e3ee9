/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The seam between the drivers and the chip: registers, descriptors and flash
 * are touched through these functions only. On a chip they are loads and
 * stores; in tests/stm32 they go to a strict model of it, which looks at the
 * order of things and may let time pass at every one of them.
 *
 * An address is 32 bits, of a register (base.h of regs/f4, regs/f7 or regs/h7 has
 * the bases; the build chooses the folder) or of
 * memory that the chip's DMA shares with us. Names of registers and fields are
 * the reference manual's: RCC_CR is an offset, RCC_CR_HSEON a mask.
 */
#ifndef TINYMX_STM32_HW_H
#define TINYMX_STM32_HW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A word, once, in program order with the other calls of this file. */
uint32_t hw_rd(uint32_t address);
void hw_wr(uint32_t address, uint32_t value);

/* Everything before it is seen by DMA before everything behind it. */
void hw_barrier(void);

/* Copies what is at an address. Where the bus has an error to say, as of flash
 * with two wrong bits in a word, there is no fault: these bytes are anything,
 * and the unit's flags say so. Interrupts wait meanwhile. */
void hw_copy(void *to, uint32_t from, size_t len);

/* What DMA shares with us, as an address. */
uint32_t hw_address(const volatile void *memory);

/* --- made of these ------------------------------------------------------- */

/* `value` where `mask` has its bits: hw_field(RCC_CFGR_SW, RCC_CFGR_SW_PLL). */
#define hw_field(mask, value) ((uint32_t)(value) * ((mask) & (0u - (mask))))
#define hw_value(mask, word) (((word) & (mask)) / ((mask) & (0u - (mask))))

void hw_set(uint32_t address, uint32_t mask);
void hw_clear(uint32_t address, uint32_t mask);
void hw_put(uint32_t address, uint32_t mask, uint32_t value);

/* --- bounded waits -------------------------------------------------------- */

/* Looks at a register until (value & mask) == want, `spins` times at most.
 * False: that never came, and `what`, "RCC_CR.HSERDY", is kept. */
bool hw_wait(const char *what, uint32_t address, uint32_t mask, uint32_t want,
             uint32_t spins);

#define HW_MISSED 8

/* What was waited for in vain since the start, the oldest first, each once; NULL
 * behind the last one. The first HW_MISSED of them are kept. */
const char *hw_missed(unsigned i);

#endif
