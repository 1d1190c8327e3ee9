/* SPDX-License-Identifier: BSD-3-Clause */
/* hw.h on a chip: volatile access to what the bus has there. */
#include "hw.h"

#include <string.h>

/* ARMv7-M B3.2.8, B3.2.15. */
#define SCB_CCR 0xe000ed14u
#define SCB_CCR_BFHFNMIGN 0x00000100u
#define SCB_CFSR 0xe000ed28u
#define SCB_CFSR_BFSR 0x0000ff00u

uint32_t hw_rd(uint32_t address)
{
    return *(volatile uint32_t *)(uintptr_t)address;
}

void hw_wr(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}

void hw_barrier(void)
{
    __asm__ volatile("dmb" ::: "memory");
}

uint32_t hw_address(const volatile void *memory)
{
    return (uint32_t)(uintptr_t)memory;
}

/* At the priority of FAULTMASK, with BFHFNMIGN, a load that fails is passed over.
 * What it left in the status is cleared: fault.c would take it for its own. */
void hw_copy(void *to, uint32_t from, size_t len)
{
    __asm__ volatile("cpsid f" ::: "memory");
    hw_set(SCB_CCR, SCB_CCR_BFHFNMIGN);
    __asm__ volatile("dsb\n\tisb" ::: "memory");
    memcpy(to, (const void *)(uintptr_t)from, len);
    __asm__ volatile("dsb" ::: "memory");
    hw_wr(SCB_CFSR, SCB_CFSR_BFSR);
    hw_clear(SCB_CCR, SCB_CCR_BFHFNMIGN);
    __asm__ volatile("dsb\n\tisb\n\tcpsie f" ::: "memory");
}
