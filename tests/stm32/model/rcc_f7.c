/* SPDX-License-Identifier: BSD-3-Clause */
/* F767: RM0410 4.1.4, 4.4, 5.3; its data sheet's general operating
 * conditions. */
#include "rcc_parts.h"
#include "rcc_v1.h"

#include <stddef.h>

const struct v1_chip v1_chips[] = {
    {
        .name = "f767",
        .sysclk = 180 * MHZ,
        .pclk1 = 45 * MHZ,
        .pclk2 = 90 * MHZ,
        .over_drive = {216 * MHZ, 54 * MHZ, 108 * MHZ},
        .no_vos = 144 * MHZ,
        .pwr_reset = 0xc000,
        .vos = 0xc000,
        .acr = 0x0b0f,
        .pll_fixed = 0xf0bc8000,
    },
    {.name = NULL},
};
