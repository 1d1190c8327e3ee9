/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The instruction cache is on: nothing but the programmer writes code. The data
 * cache stays off, as it is after a reset: descriptors, frames and flash are read
 * as DMA and the flash have them (ARMv7-M B2.2, Cortex-M7 TRM 4.3).
 */
#include "core.h"

#include "hw.h"

#define SCB_CCR 0xe000ed14u
#define SCB_CCR_IC (1u << 17)
#define SCB_ICIALLU 0xe000ef50u

static void synchronise(void)
{
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

void core_start(void)
{
    hw_wr(SCB_ICIALLU, 0);
    synchronise();
    hw_set(SCB_CCR, SCB_CCR_IC);
    synchronise();
}
