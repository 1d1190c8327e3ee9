/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chip's own flash as devices of tinymx/block.h. flash_f4f7.c, flash_h7.c.
 *
 * A board names areas (its data); each is a row of erase sectors, one block each,
 * of which the first block_size bytes are used. Nothing outside an area that was
 * opened is ever programmed or erased, least of all the code.
 *
 *     F4, F7   prog_size 4, by words           H7   prog_size 32, a flash word
 *              the core stalls while its own bank is busy
 */
#ifndef TINYMX_STM32_FLASH_H
#define TINYMX_STM32_FLASH_H

#include "tinymx/block.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The chip's sectors, in order: so many of a size. */
struct flash_run {
    uint8_t count;
    uint16_t kb;
};

struct flash_chip {
    uint32_t base;               /* address of sector 0 */
    const struct flash_run *run; /* until a count of 0 */
};
extern const struct flash_chip flash_f405, flash_f429, flash_f767, flash_h743;

/* Sector's address and size. */
uint32_t flash_address(const struct flash_chip *chip, unsigned sector);
uint32_t flash_size(const struct flash_chip *chip, unsigned sector);

struct flash_area {
    const char *name;
    uint8_t first; /* sector */
    uint8_t count;
    uint32_t block_size; /* at most the size of its smallest sector */
};

struct flash_device {
    struct mx_block block;
    const struct flash_chip *chip;
    const struct flash_area *area;
    uint32_t errors; /* operations that the chip refused, or that do not read
                        back as what they were */
};

/* Longest of a call, ms: an erase of 256 KB takes an F767 up to 4 seconds. */
#define FLASH_CALL_MS 5000

/* Nothing is touched yet. A device that is busy or refuses says MX_EIO at
 * prog() and erase(): the chip's error bits are cleared, and flash is locked
 * again whatever happened, but for a bank that is still busy after FLASH_CALL_MS:
 * that is locked by the next call that finds it idle. What was programmed or
 * erased is read back. A read that the chip cannot answer for (ECC) is MX_EIO and
 * no fault. */
void flash_open(struct flash_device *dev, const struct flash_chip *chip,
                const struct flash_area *area);

/* Can these bytes be read where they are, or would that be a fault (ECC)? */
bool flash_readable(uint32_t address, size_t len);

#endif
