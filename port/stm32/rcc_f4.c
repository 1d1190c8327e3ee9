/* SPDX-License-Identifier: BSD-3-Clause */
/* F405, F429: the regulator (RM0090 5.1). 168 MHz need no over-drive; scale 1 is
 * what a reset leaves, and there as soon as the PLL is on. */
#include "base.h"
#include "flash_acr.h"
#include "hw.h"
#include "pwr.h"
#include "rcc_regs.h"
#include "rcc_tree.h"

/* Prefetch and caches. */
const uint32_t rcc_flash_help =
    FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN;

bool rcc_boost(const struct rcc_plan *plan)
{
    (void)plan;
    hw_set(RCC_BASE + RCC_APB1ENR, RCC_APB1ENR_PWREN);
    (void)hw_rd(RCC_BASE + RCC_APB1ENR);
    return hw_wait("PWR_CSR.VOSRDY", PWR_BASE + PWR_CSR, PWR_CSR_VOSRDY,
                   PWR_CSR_VOSRDY, RCC_SPINS);
}

void rcc_calm(void)
{
}
