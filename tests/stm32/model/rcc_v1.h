/* SPDX-License-Identifier: BSD-3-Clause */
/* What the clock tree of F4 and F7 differs in: rcc_f4.c, rcc_f7.c. */
#ifndef TINYMX_TEST_STM32_RCC_V1_H
#define TINYMX_TEST_STM32_RCC_V1_H

#include <stdint.h>

struct v1_chip {
    const char *name;
    uint32_t sysclk, pclk1, pclk2; /* at most, without over-drive */
    struct {
        uint32_t sysclk, pclk1, pclk2;
    } over_drive;       /* 0: it has none */
    uint32_t no_vos;    /* at most, before VOSRDY */
    uint32_t pwr_reset; /* PWR_CR, PWR_CR1 */
    uint32_t vos;       /* its bits there */
    uint32_t acr;       /* FLASH_ACR's bits */
    uint32_t pll_fixed; /* PLLCFGR's bits that are to stay */
};
extern const struct v1_chip v1_chips[]; /* until a NULL */

#endif
