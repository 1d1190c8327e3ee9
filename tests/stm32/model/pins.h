/* SPDX-License-Identifier: BSD-3-Clause */
/* The ports of pins. Behind clock_begin(). A pin gets its alternate function
 * before it is given to it; those of the debugger are nobody's. */
#ifndef TINYMX_TEST_STM32_PINS_H
#define TINYMX_TEST_STM32_PINS_H

#include <stdbool.h>

void pins_begin(void);

/* Push-pull, very high speed, no pull. */
bool pins_fast(char port, unsigned pin);

#endif
