/* SPDX-License-Identifier: BSD-3-Clause */
/* What a board is, as data: boards/NAME/board_data.c has one of these. */
#ifndef TINYMX_STM32_BOARD_DATA_H
#define TINYMX_STM32_BOARD_DATA_H

#include "flash.h"
#include "gpio.h"
#include "rcc.h"
#include "usart.h"

#include <stddef.h>

struct board_data {
    struct rcc_plan clock;
    struct usart console;
    struct gpio_pin console_pins[2];
    const struct gpio_pin *eth_pins; /* if the link is Ethernet */
    uint8_t eth_pin_count;
    uint8_t phy;
    struct usart line; /* if it is SLIP */
    struct gpio_pin line_pins[2];
    uint32_t emulator_hz; /* 0; or the core's, where an emulator has no RCC */
    const struct flash_chip *flash;
    /* Configurations A and B are read in place, and written by a programmer. */
    struct flash_area vectors; /* none: they are in front of the code */
    struct flash_area code, config[2], identity, spool;
};

extern const struct board_data board_data;

#endif
