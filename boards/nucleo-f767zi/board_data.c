/* SPDX-License-Identifier: BSD-3-Clause */
/* NUCLEO-F767ZI: clocks, pins, flash. Sources: ST's user manual of the board and
 * data sheet of the chip; ../../tests/stm32/facts. */
#include "board_data.h"

#include "base.h"

/* RMII (user manual: Ethernet). */
static const struct gpio_pin eth_pins[] = {
    {'A', 1, 11},  /* REF_CLK */
    {'A', 2, 11},  /* MDIO */
    {'A', 7, 11},  /* CRS_DV */
    {'C', 1, 11},  /* MDC */
    {'C', 4, 11},  /* RXD0 */
    {'C', 5, 11},  /* RXD1 */
    {'G', 11, 11}, /* TX_EN */
    {'G', 13, 11}, /* TXD0 */
    {'B', 13, 11}, /* TXD1 */
};

const struct board_data board_data = {
    .clock =
        {
            .hse_hz = 8000000,
            .hse_bypass = true, /* the ST-LINK's clock */
            .m = 4,
            .n = 216,
            .p = 2,
            .q = 9, /* 216 MHz, 48 MHz */
            .ahb = 1,
            .apb1 = 4,
            .apb2 = 2,
            .flash_latency = 7,
            .over_drive = true,
        },
    /* The ST-LINK's serial port. */
    .console = {USART3_BASE, RCC_USART3, USART3_IRQn, false, 115200},
    .console_pins = {{'D', 8, 7}, {'D', 9, 7}},
    .eth_pins = eth_pins,
    .eth_pin_count = sizeof eth_pins / sizeof *eth_pins,
    .phy = 0,
    .flash = &flash_f767,
    .vectors = {"vectors", 0, 1, 32768},
    .code = {"code", 5, 1, 262144},
    .config = {{"config A", 1, 1, 32768}, {"config B", 2, 1, 32768}},
    .identity = {"identity", 3, 2, 32768}, /* a quarter of its second sector */
    .spool = {"spool", 6, 6, 262144},
};
