/* SPDX-License-Identifier: BSD-3-Clause */
/* The clock tree of F4 and F7 (RM0090 6, 7; RM0410 5): one PLL, of HSE. */
#include "base.h"
#include "flash_acr.h"
#include "hw.h"
#include "rcc_regs.h"
#include "rcc_tree.h"

#define HSI_HZ 16000000u

#define CR (RCC_BASE + RCC_CR)
#define PLLCFGR (RCC_BASE + RCC_PLLCFGR)
#define CFGR (RCC_BASE + RCC_CFGR)
#define ACR (FLASH_R_BASE + FLASH_ACR)

/* A port's bits follow each other. */
#define GPIO(n)                                                                \
    {                                                                          \
        RCC_AHB1ENR, RCC_AHB1ENR_GPIOAEN << (n), RCC_AHB1RSTR,                 \
            RCC_AHB1RSTR_GPIOARST << (n)                                       \
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
    [RCC_SYSCFG] = {RCC_APB2ENR, RCC_APB2ENR_SYSCFGEN, RCC_APB2RSTR,
                    RCC_APB2RSTR_SYSCFGRST},
    [RCC_USART1] = {RCC_APB2ENR, RCC_APB2ENR_USART1EN, RCC_APB2RSTR,
                    RCC_APB2RSTR_USART1RST},
    [RCC_USART2] = {RCC_APB1ENR, RCC_APB1ENR_USART2EN, RCC_APB1RSTR,
                    RCC_APB1RSTR_USART2RST},
    [RCC_USART3] = {RCC_APB1ENR, RCC_APB1ENR_USART3EN, RCC_APB1RSTR,
                    RCC_APB1RSTR_USART3RST},
    [RCC_USART6] = {RCC_APB2ENR, RCC_APB2ENR_USART6EN, RCC_APB2RSTR,
                    RCC_APB2RSTR_USART6RST},
    [RCC_RNG] = {RCC_AHB2ENR, RCC_AHB2ENR_RNGEN, RCC_AHB2RSTR,
                 RCC_AHB2RSTR_RNGRST},
    [RCC_ETH] = {RCC_AHB1ENR,
                 RCC_AHB1ENR_ETHMACEN | RCC_AHB1ENR_ETHMACTXEN |
                     RCC_AHB1ENR_ETHMACRXEN,
                 RCC_AHB1RSTR, RCC_AHB1RSTR_ETHMACRST},
};

/* Every reset pulls the pin; that of power sets the brown-out's flag, too. */
const struct rcc_cause rcc_causes[] = {
    {RCC_CSR_LPWRRSTF, "low-power"}, {RCC_CSR_WWDGRSTF, "window watchdog"},
    {RCC_CSR_IWDGRSTF, "watchdog"},  {RCC_CSR_SFTRSTF, "software"},
    {RCC_CSR_PORRSTF, "power-on"},   {RCC_CSR_BORRSTF, "brown-out"},
    {RCC_CSR_PINRSTF, "pin"},        {0, NULL},
};
const uint16_t rcc_cause_reg = RCC_CSR;
const uint32_t rcc_cause_clear = RCC_CSR_RMVF;

static bool start_hse(const struct rcc_plan *plan)
{
    if (plan->hse_bypass) {
        hw_set(CR, RCC_CR_HSEBYP);
    }
    hw_set(CR, RCC_CR_HSEON);
    return hw_wait("RCC_CR.HSERDY", CR, RCC_CR_HSERDY, RCC_CR_HSERDY,
                   RCC_SPINS_HSE);
}

/* PLLP has 0 for 2, 1 for 4... */
static void start_pll(const struct rcc_plan *plan)
{
    uint32_t cfg = hw_rd(PLLCFGR) &
                   ~(RCC_PLLCFGR_PLLM | RCC_PLLCFGR_PLLN | RCC_PLLCFGR_PLLP |
                     RCC_PLLCFGR_PLLSRC | RCC_PLLCFGR_PLLQ);

    cfg |= hw_field(RCC_PLLCFGR_PLLM, plan->m) |
           hw_field(RCC_PLLCFGR_PLLN, plan->n) |
           hw_field(RCC_PLLCFGR_PLLP, plan->p / 2 - 1) |
           hw_field(RCC_PLLCFGR_PLLSRC, RCC_PLLCFGR_PLLSRC_HSE) |
           hw_field(RCC_PLLCFGR_PLLQ, plan->q);
    hw_wr(PLLCFGR, cfg);
    hw_set(CR, RCC_CR_PLLON);
}

static bool slow_flash(const struct rcc_plan *plan)
{
    uint32_t latency = hw_field(FLASH_ACR_LATENCY, plan->flash_latency);

    hw_wr(ACR, latency | rcc_flash_help);
    return hw_wait("FLASH_ACR.LATENCY", ACR, FLASH_ACR_LATENCY, latency,
                   RCC_SPINS);
}

static void divide(uint8_t ahb, uint8_t apb1, uint8_t apb2)
{
    uint32_t cfg =
        hw_rd(CFGR) & ~(RCC_CFGR_HPRE | RCC_CFGR_PPRE1 | RCC_CFGR_PPRE2);

    cfg |= hw_field(RCC_CFGR_HPRE, rcc_divider(ahb, RCC_CFGR_HPRE_DIV2)) |
           hw_field(RCC_CFGR_PPRE1, rcc_divider(apb1, RCC_CFGR_PPRE1_DIV2)) |
           hw_field(RCC_CFGR_PPRE2, rcc_divider(apb2, RCC_CFGR_PPRE1_DIV2));
    hw_wr(CFGR, cfg);
}

static bool take(uint32_t source)
{
    hw_put(CFGR, RCC_CFGR_SW, source);
    return hw_wait("RCC_CFGR.SWS", CFGR, RCC_CFGR_SWS,
                   hw_field(RCC_CFGR_SWS, source), RCC_SPINS);
}

bool rcc_climb(const struct rcc_plan *plan)
{
    if (!start_hse(plan)) {
        return false;
    }
    start_pll(plan);
    if (!rcc_boost(plan) || !slow_flash(plan)) {
        return false;
    }
    divide(plan->ahb, plan->apb1, plan->apb2);
    return hw_wait("RCC_CR.PLLRDY", CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY,
                   RCC_SPINS) &&
           take(RCC_CFGR_SW_PLL);
}

/* The wait states may stay: they are too many, not too few. */
void rcc_return(const struct rcc_plan *plan, struct rcc_clocks *clocks)
{
    (void)plan;
    (void)take(RCC_CFGR_SW_HSI);
    divide(1, 1, 1);
    rcc_calm();
    hw_clear(CR, RCC_CR_PLLON);
    hw_clear(CR, RCC_CR_HSEON);
    clocks->hclk_hz = HSI_HZ;
    clocks->core_hz = clocks->hclk_hz;
    clocks->pclk1_hz = clocks->hclk_hz;
    clocks->pclk2_hz = clocks->hclk_hz;
}

void rcc_reckon(const struct rcc_plan *plan, struct rcc_clocks *clocks)
{
    clocks->hclk_hz = plan->hse_hz / plan->m * plan->n / plan->p / plan->ahb;
    clocks->core_hz = clocks->hclk_hz;
    clocks->pclk1_hz = clocks->hclk_hz / plan->apb1;
    clocks->pclk2_hz = clocks->hclk_hz / plan->apb2;
}
