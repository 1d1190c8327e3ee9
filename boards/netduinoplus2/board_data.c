/* SPDX-License-Identifier: BSD-3-Clause */
/* Netduino Plus 2, as QEMU has it: an STM32F405 with two of its USARTs. Clock and
 * pins are the real board's, as MicroPython knows them. */
#include "board_data.h"

#include "base.h"

const struct board_data board_data = {
    .clock =
        {
            .hse_hz = 25000000, /* a crystal */
            .m = 25,
            .n = 336,
            .p = 2,
            .q = 7, /* 168 MHz, 48 MHz */
            .ahb = 1,
            .apb1 = 4,
            .apb2 = 2,
            .flash_latency = 5,
        },
    .console = {USART1_BASE, RCC_USART1, USART1_IRQn, true, 115200},
    .console_pins = {{'A', 9, 7}, {'A', 10, 7}},
    .line = {USART2_BASE, RCC_USART2, USART2_IRQn, false, 115200},
    .line_pins = {{'A', 2, 7}, {'A', 3, 7}},
    .emulator_hz = 168000000,
    .flash = &flash_f405,
    .code = {"code", 0, 10, 16384},
    .config = {{"config A", 10, 1, 16384}, {"config B", 11, 1, 16384}},
};
