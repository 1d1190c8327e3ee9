/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From reset to main(): the core's vectors, the sections, the painted stack.
 *
 * The stack is painted before use; the lowest word that lost its colour is the
 * high-water mark.
 */
#include "cortexm.h"

#include <string.h>

#define PAINT 0x5aa55aa5u

/* Of the linker script. */
extern uint32_t stack_bottom[], stack_top[];
extern uint32_t data_start[], data_end[], data_load[];
extern uint32_t bss_start[], bss_end[];

_Noreturn void start(void);
void clock_tick(void);
void fault_entry(void);

struct vectors {
    uint32_t *stack;
    void (*handler[15])(void);
};

/* ARMv7-M B1.5.3. What is not there escalates or cannot happen: a fault all
 * the same. */
__attribute__((section(".vectors"),
               used)) static const struct vectors vectors = {
    .stack = stack_top,
    .handler =
        {
            [0] = start,        /* reset */
            [1] = fault_entry,  /* NMI */
            [2] = fault_entry,  /* HardFault */
            [3] = fault_entry,  /* MemManage */
            [4] = fault_entry,  /* BusFault */
            [5] = fault_entry,  /* UsageFault */
            [10] = fault_entry, /* SVCall */
            [11] = fault_entry, /* DebugMonitor */
            [13] = fault_entry, /* PendSV */
            [14] = clock_tick,  /* SysTick */
        },
};

/* Up to what this function itself uses. Volatile: not a call of memset(),
 * which would want a stack. */
static inline void paint_stack(void)
{
    volatile uint32_t *end = __builtin_frame_address(0);

    for (volatile uint32_t *at = stack_bottom; at < end - 16; at++) {
        *at = PAINT;
    }
}

_Noreturn void start(void)
{
    paint_stack();
    memcpy(data_start, data_load,
           (size_t)((char *)data_end - (char *)data_start));
    memset(bss_start, 0, (size_t)((char *)bss_end - (char *)bss_start));
    main();
    for (;;) { /* main() does not return */
    }
}

size_t stack_size(void)
{
    return (size_t)((char *)stack_top - (char *)stack_bottom);
}

size_t stack_untouched(void)
{
    const volatile uint32_t *at = stack_bottom;

    while (at < stack_top && *at == PAINT) {
        at++;
    }
    return (size_t)((const volatile char *)at - (char *)stack_bottom);
}
