/* SPDX-License-Identifier: BSD-3-Clause */
/* Pins. The port's gate is opened with the first of its pins. */
#ifndef TINYMX_STM32_GPIO_H
#define TINYMX_STM32_GPIO_H

#include <stddef.h>
#include <stdint.h>

/* A pin and the alternate function it has on this board: data. */
struct gpio_pin {
    char port;   /* 'A' ... */
    uint8_t pin; /* 0 to 15 */
    uint8_t af;  /* 0 to 15 */
};

/* Alternate function, push-pull, very high speed, no pull; the function is
 * chosen before the pin is given to it. */
void gpio_alternate(const struct gpio_pin *pins, size_t count);

#endif
