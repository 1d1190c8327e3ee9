/* SPDX-License-Identifier: BSD-3-Clause */
/* What differs between F4 and F7 (flash_f4.c, flash_f7.c) to flash_f4f7.c. */
#ifndef TINYMX_STM32_FLASH_F4F7_H
#define TINYMX_STM32_FLASH_F4F7_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of FLASH_SR that say that an operation was refused. */
extern const uint32_t flash_errors;

/* Copies of flash are dropped: an erase does not change them. */
void flash_forget(void);

#endif
