/* SPDX-License-Identifier: BSD-3-Clause */
/* H743: RM0433 8.4.4, 8.7.35. */
#include "rcc_cases.h"

#include "board_data.h"

#include <stddef.h>

/* The board's data names it; here nobody asks. */
const struct flash_chip flash_h743 = {0, NULL};

#define MHZ 1000000u

/* Another range of what the PLL gets, and a crystal. */
static const struct rcc_plan crystal = {
    .hse_hz = 25 * MHZ,
    .m = 5,
    .n = 160,
    .p = 2,
    .q = 8,
    .ahb = 2,
    .apb1 = 2,
    .apb2 = 4,
    .flash_latency = 2,
};

const struct rcc_case rcc_cases[] = {
    {
        .chip = "h743",
        .crystal_hz = 8 * MHZ,
        .bypass = true,
        .plan = &board_data.clock,
        .clocks = {400 * MHZ, 200 * MHZ, 100 * MHZ, 100 * MHZ, false},
        .hsi = {64 * MHZ, 32 * MHZ, 16 * MHZ, 16 * MHZ, true},
        .rng_hz = 48 * MHZ,
        .rng_hsi_hz = 48 * MHZ, /* HSI48 */
    },
    {
        .chip = "h743",
        .crystal_hz = 25 * MHZ,
        .plan = &crystal,
        .clocks = {400 * MHZ, 200 * MHZ, 100 * MHZ, 50 * MHZ, false},
        .hsi = {64 * MHZ, 32 * MHZ, 16 * MHZ, 8 * MHZ, true},
        .rng_hz = 48 * MHZ,
        .rng_hsi_hz = 48 * MHZ,
    },
    {.chip = NULL},
};

const struct rcc_missing rcc_missing[] = {
    {"HSI48RDY", "RCC_CR.HSI48RDY", true},
    {"ACTVOSRDY", "PWR_CSR1.ACTVOSRDY", false},
    {"VOSRDY", "PWR_D3CR.VOSRDY", false},
    {"HSERDY", "RCC_CR.HSERDY", false},
    {"PLL1RDY", "RCC_CR.PLL1RDY", false},
    {"LATENCY", "FLASH_ACR.LATENCY", false},
    {"SWS", "RCC_CFGR.SWS", false},
    {NULL, NULL, false},
};

const struct rcc_named rcc_named[] = {
    {"GPIOA", RCC_GPIOA, false},   {"GPIOB", RCC_GPIOB, false},
    {"GPIOC", RCC_GPIOC, false},   {"GPIOD", RCC_GPIOD, false},
    {"GPIOE", RCC_GPIOE, false},   {"GPIOF", RCC_GPIOF, false},
    {"GPIOG", RCC_GPIOG, false},   {"GPIOH", RCC_GPIOH, false},
    {"SYSCFG", RCC_SYSCFG, false}, {"USART1", RCC_USART1, false},
    {"USART2", RCC_USART2, false}, {"USART3", RCC_USART3, false},
    {"USART6", RCC_USART6, false}, {"RNG", RCC_RNG, false},
    {"ETH1MAC", RCC_ETH, false},   {"ETH1TX", RCC_ETH, false},
    {"ETH1RX", RCC_ETH, false},    {"SRAM1", RCC_SRAM, true},
    {"SRAM2", RCC_SRAM, true},     {"SRAM3", RCC_SRAM, true},
    {NULL, RCC_UNITS, false},
};

/* Table "Reset source identification". */
const struct rcc_situation rcc_situations[] = {
    {"power-on", 0x00fe0000},
    {"pin", 0x00420000},
    {"brown-out", 0x00620000},
    {"software", 0x01420000},
    {"watchdog", 0x04420000},
    {"window watchdog", 0x10420000},
    {"low-power", 0x40420000},
    {"unknown", 0},
    {"watchdog", 0x04fe0000}, /* of a loader that did not clear them */
    {NULL, 0},
};
const uint32_t rcc_flags_at = 0xd0;
