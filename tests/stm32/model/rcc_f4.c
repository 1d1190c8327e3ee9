/* SPDX-License-Identifier: BSD-3-Clause */
/* F405, F429: RM0090 5.1.4, 5.4, 5.5, 6.3, 7.3; their data sheets' general
 * operating conditions. */
#include "rcc_parts.h"
#include "rcc_v1.h"

#include <stddef.h>

const struct v1_chip v1_chips[] = {
    {
        .name = "f405",
        .sysclk = 168 * MHZ,
        .pclk1 = 42 * MHZ,
        .pclk2 = 84 * MHZ,
        .no_vos = 144 * MHZ,
        .pwr_reset = 0x4000,
        .vos = 0x4000,
        .acr = 0x1f07,
        .pll_fixed = 0xf0bc8000,
    },
    {
        .name = "f429",
        .sysclk = 168 * MHZ,
        .pclk1 = 42 * MHZ,
        .pclk2 = 84 * MHZ,
        .over_drive = {180 * MHZ, 45 * MHZ, 90 * MHZ},
        .no_vos = 120 * MHZ,
        .pwr_reset = 0xc000,
        .vos = 0xc000,
        .acr = 0x1f0f,
        .pll_fixed = 0xf0bc8000,
    },
    {.name = NULL},
};
