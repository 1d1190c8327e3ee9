/* SPDX-License-Identifier: BSD-3-Clause */
/* F405, F429: RM0090 6.1, 6.3.21. */
#include "rcc_cases.h"

#include "board_data.h"

#include <stddef.h>

/* The board's data names it; here nobody asks. */
const struct flash_chip flash_f429 = {0, NULL};

#define MHZ 1000000u

/* The crystal of a Netduino Plus 2. */
static const struct rcc_plan f405 = {
    .hse_hz = 25 * MHZ,
    .m = 25,
    .n = 336,
    .p = 2,
    .q = 7,
    .ahb = 1,
    .apb1 = 4,
    .apb2 = 2,
    .flash_latency = 5,
};

const struct rcc_case rcc_cases[] = {
    {
        .chip = "f429",
        .crystal_hz = 8 * MHZ,
        .bypass = true,
        .plan = &board_data.clock,
        .clocks = {168 * MHZ, 168 * MHZ, 42 * MHZ, 84 * MHZ, false},
        .hsi = {16 * MHZ, 16 * MHZ, 16 * MHZ, 16 * MHZ, true},
        .rng_hz = 48 * MHZ,
    },
    {
        .chip = "f405",
        .crystal_hz = 25 * MHZ,
        .plan = &f405,
        .clocks = {168 * MHZ, 168 * MHZ, 42 * MHZ, 84 * MHZ, false},
        .hsi = {16 * MHZ, 16 * MHZ, 16 * MHZ, 16 * MHZ, true},
        .rng_hz = 48 * MHZ,
    },
    {.chip = NULL},
};

const struct rcc_missing rcc_missing[] = {
    {"HSERDY", "RCC_CR.HSERDY", false},
    {"VOSRDY", "PWR_CSR.VOSRDY", false},
    {"LATENCY", "FLASH_ACR.LATENCY", false},
    {"PLLRDY", "RCC_CR.PLLRDY", false},
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
    {"ETHMAC", RCC_ETH, false},    {"ETHMACTX", RCC_ETH, false},
    {"ETHMACRX", RCC_ETH, false},  {NULL, RCC_UNITS, false},
};

const struct rcc_situation rcc_situations[] = {
    {"power-on", 0x0e000000},
    {"pin", 0x04000000},
    {"brown-out", 0x06000000},
    {"software", 0x14000000},
    {"watchdog", 0x24000000},
    {"window watchdog", 0x44000000},
    {"low-power", 0x84000000},
    {"unknown", 0},
    {"watchdog", 0x2e000000}, /* of a loader that did not clear them */
    {NULL, 0},
};
const uint32_t rcc_flags_at = 0x74;
