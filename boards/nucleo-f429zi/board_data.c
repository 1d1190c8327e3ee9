/* SPDX-License-Identifier: BSD-3-Clause */
/* NUCLEO-F429ZI: clocks, pins, flash. Sources: ST's user manual of the board and
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
            .m = 8,
            .n = 336,
            .p = 2,
            .q = 7, /* 168 MHz, 48 MHz */
            .ahb = 1,
            .apb1 = 4,
            .apb2 = 2,
            .flash_latency = 5,
        },
    /* The ST-LINK's serial port. */
    .console = {USART3_BASE, RCC_USART3, USART3_IRQn, false, 115200},
    .console_pins = {{'D', 8, 7}, {'D', 9, 7}},
    .eth_pins = eth_pins,
    .eth_pin_count = sizeof eth_pins / sizeof *eth_pins,
    .phy = 0,
    .flash = &flash_f429,
    .code = {"code", 0, 12, 16384},
    .config = {{"config A", 12, 1, 16384}, {"config B", 13, 1, 16384}},
    .identity = {"identity", 14, 2, 16384},
    .spool = {"spool", 17, 7, 131072},
};
