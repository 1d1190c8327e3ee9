/* SPDX-License-Identifier: BSD-3-Clause */
/* The independent watchdog. */
#ifndef TINYMX_TEST_STM32_DOG_H
#define TINYMX_TEST_STM32_DOG_H

#include <stdbool.h>
#include <stdint.h>

void dog_begin(void);

/* "PVU" or "RVU" stays set; NULL: neither. */
void dog_withhold(const char *bit);

bool dog_runs(void);

/* Of 32 kHz; the values that were taken over. */
uint32_t dog_period_ms(void);

/* How often it was fed, and whether with these values. */
unsigned dog_meals(void);

#endif
