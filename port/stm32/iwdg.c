/* SPDX-License-Identifier: BSD-3-Clause */
#include "iwdg.h"

#include "base.h"
#include "hw.h"
#include "regs/iwdg.h"

/* LSI has 32 kHz, more or less (17 to 47): 16 s, 10 at least. */
#define RELOAD (16u * 32000 / 256 - 1)

/* Six periods of the slowest prescaled LSI, at the core's best pace. */
#define SPINS 1000000u

/* LSI runs as soon as the watchdog does, and it is that which takes the values
 * over. Until then there is half a second. */
void iwdg_start(void)
{
    hw_wr(IWDG_BASE + IWDG_KR, IWDG_KR_KEY_START);
    hw_wr(IWDG_BASE + IWDG_KR, IWDG_KR_KEY_ACCESS);
    hw_wr(IWDG_BASE + IWDG_PR, IWDG_PR_PR_DIV256);
    hw_wr(IWDG_BASE + IWDG_RLR, RELOAD);
    (void)hw_wait("IWDG_SR.PVU", IWDG_BASE + IWDG_SR, IWDG_SR_PVU, 0, SPINS);
    (void)hw_wait("IWDG_SR.RVU", IWDG_BASE + IWDG_SR, IWDG_SR_RVU, 0, SPINS);
    iwdg_feed();
}

void iwdg_feed(void)
{
    hw_wr(IWDG_BASE + IWDG_KR, IWDG_KR_KEY_RELOAD);
}
