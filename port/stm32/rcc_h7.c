/* SPDX-License-Identifier: BSD-3-Clause */
/* H743 (RM0433 6, 8): PLL1 of HSE, VOS1, 400 MHz at most; HSI48 for the
 * generator. */
#include "base.h"
#include "flash_acr.h"
#include "hw.h"
#include "pwr.h"
#include "rcc_regs.h"
#include "rcc_tree.h"

#define HSI_HZ 64000000u
#define WRHIGHFREQ_VOS1 2u /* 4.3.8: enough up to 225 MHz */

#define CR (RCC_BASE + RCC_CR)
#define CFGR (RCC_BASE + RCC_CFGR)
#define D1CFGR (RCC_BASE + RCC_D1CFGR)
#define D2CFGR (RCC_BASE + RCC_D2CFGR)
#define D3CFGR (RCC_BASE + RCC_D3CFGR)
#define ACR (FLASH_R_BASE + FLASH_ACR)

/* A port's bits follow each other. */
#define GPIO(n)                                                                \
    {                                                                          \
        RCC_AHB4ENR, RCC_AHB4ENR_GPIOAEN << (n), RCC_AHB4RSTR,                 \
            RCC_AHB4RSTR_GPIOARST << (n)                                       \
    }

const struct rcc_gate rcc_gates[RCC_UNITS] = {
    [RCC_GPIOA] = GPIO(0),
    [RCC_GPIOB] = GPIO(1),
    [RCC_GPIOC] = GPIO(2),
    [RCC_GPIOD] = GPIO(3),
    [RCC_GPIOE] = GPIO(4),
    [RCC_GPIOF] = GPIO(5),
    [RCC_GPIOG] = GPIO(6),
    [RCC_GPIOH] = GPIO(7),
    [RCC_SYSCFG] = {RCC_APB4ENR, RCC_APB4ENR_SYSCFGEN, RCC_APB4RSTR,
                    RCC_APB4RSTR_SYSCFGRST},
    [RCC_USART1] = {RCC_APB2ENR, RCC_APB2ENR_USART1EN, RCC_APB2RSTR,
                    RCC_APB2RSTR_USART1RST},
    [RCC_USART2] = {RCC_APB1LENR, RCC_APB1LENR_USART2EN, RCC_APB1LRSTR,
                    RCC_APB1LRSTR_USART2RST},
    [RCC_USART3] = {RCC_APB1LENR, RCC_APB1LENR_USART3EN, RCC_APB1LRSTR,
                    RCC_APB1LRSTR_USART3RST},
    [RCC_USART6] = {RCC_APB2ENR, RCC_APB2ENR_USART6EN, RCC_APB2RSTR,
                    RCC_APB2RSTR_USART6RST},
    [RCC_RNG] = {RCC_AHB2ENR, RCC_AHB2ENR_RNGEN, RCC_AHB2RSTR,
                 RCC_AHB2RSTR_RNGRST},
    [RCC_ETH] = {RCC_AHB1ENR,
                 RCC_AHB1ENR_ETH1MACEN | RCC_AHB1ENR_ETH1TXEN |
                     RCC_AHB1ENR_ETH1RXEN,
                 RCC_AHB1RSTR, RCC_AHB1RSTR_ETH1MACRST},
    [RCC_SRAM] = {RCC_AHB2ENR,
                  RCC_AHB2ENR_SRAM1EN | RCC_AHB2ENR_SRAM2EN |
                      RCC_AHB2ENR_SRAM3EN,
                  0, 0},
};

/* Every reset pulls the pin; that of power sets the brown-out's flag, too. */
const struct rcc_cause rcc_causes[] = {
    {RCC_RSR_LPWRRSTF, "low-power"}, {RCC_RSR_WWDG1RSTF, "window watchdog"},
    {RCC_RSR_IWDG1RSTF, "watchdog"}, {RCC_RSR_SFTRSTF, "software"},
    {RCC_RSR_PORRSTF, "power-on"},   {RCC_RSR_BORRSTF, "brown-out"},
    {RCC_RSR_PINRSTF, "pin"},        {0, NULL},
};
const uint16_t rcc_cause_reg = RCC_RSR;
const uint32_t rcc_cause_clear = RCC_RSR_RMVF;

/* Without it there is no generator, but all else. */
static void start_hsi48(void)
{
    hw_set(CR, RCC_CR_HSI48ON);
    (void)hw_wait("RCC_CR.HSI48RDY", CR, RCC_CR_HSI48RDY, RCC_CR_HSI48RDY,
                  RCC_SPINS);
}

/* Where the core is fed from is said once after power-on, and before VOS is
 * raised (6.4.1). Another reset leaves it. */
static bool raise_voltage(void)
{
    uint32_t supply = hw_rd(PWR_BASE + PWR_CR3);

    if ((supply & PWR_CR3_SCUEN) != 0) {
        supply &= ~(PWR_CR3_SCUEN | PWR_CR3_BYPASS);
        hw_wr(PWR_BASE + PWR_CR3, supply | PWR_CR3_LDOEN);
    }
    if (!hw_wait("PWR_CSR1.ACTVOSRDY", PWR_BASE + PWR_CSR1, PWR_CSR1_ACTVOSRDY,
                 PWR_CSR1_ACTVOSRDY, RCC_SPINS)) {
        return false;
    }
    hw_put(PWR_BASE + PWR_D3CR, PWR_D3CR_VOS, PWR_D3CR_VOS_SCALE1);
    return hw_wait("PWR_D3CR.VOSRDY", PWR_BASE + PWR_D3CR, PWR_D3CR_VOSRDY,
                   PWR_D3CR_VOSRDY, RCC_SPINS);
}

static bool start_hse(const struct rcc_plan *plan)
{
    if (plan->hse_bypass) {
        hw_set(CR, RCC_CR_HSEBYP);
    }
    hw_set(CR, RCC_CR_HSEON);
    return hw_wait("RCC_CR.HSERDY", CR, RCC_CR_HSERDY, RCC_CR_HSERDY,
                   RCC_SPINS_HSE);
}

/* The range of what the PLL gets (8.7.12). */
static uint32_t input_range(uint32_t hz)
{
    return hz < 2000000u   ? RCC_PLLCFGR_PLL1RGE_1_2MHZ
           : hz < 4000000u ? RCC_PLLCFGR_PLL1RGE_2_4MHZ
           : hz < 8000000u ? RCC_PLLCFGR_PLL1RGE_4_8MHZ
                           : RCC_PLLCFGR_PLL1RGE_8_16MHZ;
}

/* The fields of PLL1DIVR have one less. A reset leaves the wide VCO, no fraction,
 * and all outputs on, of which R is nobody's. */
static bool start_pll(const struct rcc_plan *plan)
{
    const uint32_t select = RCC_BASE + RCC_PLLCKSELR;
    const uint32_t config = RCC_BASE + RCC_PLLCFGR;
    const uint32_t divide = RCC_BASE + RCC_PLL1DIVR;

    hw_put(select, RCC_PLLCKSELR_PLLSRC, RCC_PLLCKSELR_PLLSRC_HSE);
    hw_put(select, RCC_PLLCKSELR_DIVM1, plan->m);
    hw_put(config, RCC_PLLCFGR_PLL1RGE, input_range(plan->hse_hz / plan->m));
    hw_clear(config, RCC_PLLCFGR_DIVR1EN);
    hw_put(divide, RCC_PLL1DIVR_N1, plan->n - 1);
    hw_put(divide, RCC_PLL1DIVR_P1, plan->p - 1);
    hw_put(divide, RCC_PLL1DIVR_Q1, plan->q - 1);
    hw_set(CR, RCC_CR_PLL1ON);
    return hw_wait("RCC_CR.PLL1RDY", CR, RCC_CR_PLL1RDY, RCC_CR_PLL1RDY,
                   RCC_SPINS);
}

static bool slow_flash(const struct rcc_plan *plan)
{
    uint32_t acr = hw_field(FLASH_ACR_LATENCY, plan->flash_latency) |
                   hw_field(FLASH_ACR_WRHIGHFREQ, WRHIGHFREQ_VOS1);

    hw_wr(ACR, acr);
    return hw_wait("FLASH_ACR.LATENCY", ACR,
                   FLASH_ACR_LATENCY | FLASH_ACR_WRHIGHFREQ, acr, RCC_SPINS);
}

/* Each APB has a divider; those of the domains D1 and D3 are as APB1's. */
static void divide(const struct rcc_plan *plan)
{
    uint32_t apb1 = rcc_divider(plan->apb1, RCC_D1CFGR_D1PPRE_DIV2);
    uint32_t apb2 = rcc_divider(plan->apb2, RCC_D1CFGR_D1PPRE_DIV2);
    uint32_t ahb = rcc_divider(plan->ahb, RCC_D1CFGR_HPRE_DIV2);

    hw_wr(D1CFGR,
          hw_field(RCC_D1CFGR_HPRE, ahb) | hw_field(RCC_D1CFGR_D1PPRE, apb1));
    hw_wr(D2CFGR, hw_field(RCC_D2CFGR_D2PPRE1, apb1) |
                      hw_field(RCC_D2CFGR_D2PPRE2, apb2));
    hw_wr(D3CFGR, hw_field(RCC_D3CFGR_D3PPRE, apb1));
}

static bool take(uint32_t source)
{
    hw_put(CFGR, RCC_CFGR_SW, source);
    return hw_wait("RCC_CFGR.SWS", CFGR, RCC_CFGR_SWS,
                   hw_field(RCC_CFGR_SWS, source), RCC_SPINS);
}

/* The dividers come first, and stay on the way back: PCLK may have but 50 MHz
 * as long as VOS is not raised. */
bool rcc_climb(const struct rcc_plan *plan)
{
    divide(plan);
    start_hsi48();
    return raise_voltage() && start_hse(plan) && start_pll(plan) &&
           slow_flash(plan) && take(RCC_CFGR_SW_PLL1);
}

static void reckon(const struct rcc_plan *plan, uint32_t core_hz,
                   struct rcc_clocks *clocks)
{
    clocks->core_hz = core_hz;
    clocks->hclk_hz = core_hz / plan->ahb;
    clocks->pclk1_hz = clocks->hclk_hz / plan->apb1;
    clocks->pclk2_hz = clocks->hclk_hz / plan->apb2;
}

/* Voltage and wait states may stay: they are too many, not too few. */
void rcc_return(const struct rcc_plan *plan, struct rcc_clocks *clocks)
{
    (void)take(RCC_CFGR_SW_HSI);
    hw_clear(CR, RCC_CR_PLL1ON);
    hw_clear(CR, RCC_CR_HSEON);
    reckon(plan, HSI_HZ, clocks);
}

void rcc_reckon(const struct rcc_plan *plan, struct rcc_clocks *clocks)
{
    reckon(plan, plan->hse_hz / plan->m * plan->n / plan->p, clocks);
}
