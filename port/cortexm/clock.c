/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Milliseconds by SysTick, and sleep between them (ARMv7-M B3.3).
 *
 * It interrupts every 10 ms, and its counter tells the time between. An
 * emulator on a busy host delivers ticks late: one of 1 ms would be lost often.
 */
#include "cortexm.h"

#include "board.h"
#include "tinymx/port.h"

#define SYST_CSR REG32(0xe000e010)
#define SYST_RVR REG32(0xe000e014)
#define SYST_CVR REG32(0xe000e018)
#define CSR_ENABLE 1u
#define CSR_TICKINT 2u
#define CSR_CORE_CLOCK 4u

void clock_tick(void);

#define TICK_MS 10u

static volatile uint32_t ticks;
static uint32_t ms_counts; /* of the counter, a millisecond */

void clock_tick(void)
{
    ticks++;
}

void clock_start(uint32_t hz)
{
    ms_counts = hz / 1000;
    SYST_RVR = TICK_MS * ms_counts - 1;
    SYST_CVR = 0;
    SYST_CSR = CSR_ENABLE | CSR_TICKINT | CSR_CORE_CLOCK;
}

/* All 32 bits count, so that a difference is right across the wrap. */
uint32_t mx_port_now_ms(void)
{
    static uint32_t last;
    uint32_t whole, now;

    do {
        whole = ticks;
        now = whole * TICK_MS + (SYST_RVR - SYST_CVR) / ms_counts;
    } while (whole != ticks);
    if ((int32_t)(now - last) < 0) { /* it began anew, its tick is still due */
        now = last;
    }
    last = now;
    return now;
}

/* Between looking and sleeping no interrupt may get lost: with PRIMASK set a
 * pending one still ends WFI, and is taken when the mask goes. */
static bool doze(void)
{
    bool pending;

    __asm__ volatile("cpsid i" ::: "memory");
    pending = board_pending();
    if (!pending) {
        __asm__ volatile("dsb\n\twfi" ::: "memory");
    }
    __asm__ volatile("cpsie i\n\tisb" ::: "memory");
    return pending;
}

void clock_sleep(uint32_t ms)
{
    uint32_t since = mx_port_now_ms();

    while (mx_port_now_ms() - since < ms && !doze()) {
    }
}
