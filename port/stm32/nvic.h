/* SPDX-License-Identifier: BSD-3-Clause */
/* The interrupt controller (ARMv7-M B3.4). */
#ifndef TINYMX_STM32_NVIC_H
#define TINYMX_STM32_NVIC_H

#include "hw.h"

#define NVIC_ISER 0xe000e100u
#define NVIC_ICER 0xe000e180u

static inline void nvic_enable(unsigned irq)
{
    hw_wr(NVIC_ISER + 4 * (irq / 32), 1u << irq % 32);
}

static inline void nvic_disable(unsigned irq)
{
    hw_wr(NVIC_ICER + 4 * (irq / 32), 1u << irq % 32);
}

#endif
