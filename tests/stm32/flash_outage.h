/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A chip's flash with the real driver in front of it, where the power goes. It
 * knows of models/ and of no test of tests/power, so that these can be used with
 * it.
 */
#ifndef TINYMX_TEST_STM32_FLASH_OUTAGE_H
#define TINYMX_TEST_STM32_FLASH_OUTAGE_H

#include "board_data.h"

#include <stdbool.h>

/* From the factory. */
void outage_new(void);

/* The power comes; a device on this area. */
struct mx_block *outage_on(uint64_t seed, const struct flash_area *area);

/* Calls `live` and lets the power go in the n-th program or erase of the chip. A
 * program is of a word (F4, F7) or flash word (H7). True: it went; false: `live`
 * came back. */
bool outage_in(uint32_t n, void (*live)(void));

/* So far. */
unsigned long outage_erases(void);
void outage_print(void);

#endif
