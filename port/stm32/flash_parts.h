/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is the same for all flash (flash.c) to what is a family's: flash_f4f7.c,
 * flash_h7.c. Addresses are checked to be in an area.
 *
 *     flash_begin ──► flash_erase | flash_program ... ──► flash_end
 */
#ifndef TINYMX_STM32_FLASH_PARTS_H
#define TINYMX_STM32_FLASH_PARTS_H

#include "flash.h"

#include <stdbool.h>

/* What one program writes. */
#define FLASH_UNIT_MAX 32
extern const uint32_t flash_unit;

/* Nothing goes on in this bank, no error is left from before, and it takes
 * orders. `since`: when the call began. 0 or MX_EIO. */
int flash_begin(uint32_t address, uint32_t since);

/* 0 or MX_EIO: the chip refused, or was not done in time. */
int flash_erase(const struct flash_chip *chip, unsigned sector, uint32_t since);
int flash_program(uint32_t address, const uint8_t *unit, uint32_t since);

/* Takes no orders, and what is read from now on is what is there. While the
 * bank is busy its register must not be written (it would stall the bus until
 * that is over); then the next flash_begin() finds it open, and the next
 * flash_end() closes it. */
void flash_end(uint32_t address);

/* 0; MX_EIO: the chip says that it cannot tell what is there. */
int flash_copy(void *to, uint32_t from, size_t len);

/* --- of flash.c ------------------------------------------------------------ */

/* hw_wait(), until FLASH_CALL_MS after `since`: by the clock, since the core may
 * stand still while its bank is erased. */
bool flash_wait(const char *what, uint32_t address, uint32_t mask,
                uint32_t since);

#endif
