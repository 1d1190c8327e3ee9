/* SPDX-License-Identifier: BSD-3-Clause */
/* F767: the regulator, and its over-drive above 180 MHz (RM0410 4.1.4). Scale 1 is
 * what a reset leaves, and there as soon as the PLL is on. */
#include "base.h"
#include "hw.h"
#include "pwr.h"
#include "rcc_regs.h"
#include "rcc_tree.h"

#define CR1 (PWR_BASE + PWR_CR1)
#define CSR1 (PWR_BASE + PWR_CSR1)

/* The ART is for the ITCM's way to flash; we come by AXI and the core's cache. */
const uint32_t rcc_flash_help = 0;

static void open_pwr(void)
{
    hw_set(RCC_BASE + RCC_APB1ENR, RCC_APB1ENR_PWREN);
    (void)hw_rd(RCC_BASE + RCC_APB1ENR);
}

/* No unit's clock may run meanwhile: none was let yet. */
static bool over_drive(void)
{
    hw_set(CR1, PWR_CR1_ODEN);
    if (!hw_wait("PWR_CSR1.ODRDY", CSR1, PWR_CSR1_ODRDY, PWR_CSR1_ODRDY,
                 RCC_SPINS)) {
        return false;
    }
    hw_set(CR1, PWR_CR1_ODSWEN);
    return hw_wait("PWR_CSR1.ODSWRDY", CSR1, PWR_CSR1_ODSWRDY, PWR_CSR1_ODSWRDY,
                   RCC_SPINS);
}

bool rcc_boost(const struct rcc_plan *plan)
{
    open_pwr();
    return hw_wait("PWR_CSR1.VOSRDY", CSR1, PWR_CSR1_VOSRDY, PWR_CSR1_VOSRDY,
                   RCC_SPINS) &&
           (!plan->over_drive || over_drive());
}

void rcc_calm(void)
{
    open_pwr();
    hw_clear(CR1, PWR_CR1_ODEN | PWR_CR1_ODSWEN);
    (void)hw_wait("PWR_CSR1.ODSWRDY", CSR1, PWR_CSR1_ODSWRDY, 0, RCC_SPINS);
}
