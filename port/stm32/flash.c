/* SPDX-License-Identifier: BSD-3-Clause */
/* Areas of sectors, and the block devices that these are. */
#include "flash.h"

#include "flash_parts.h"
#include "hw.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "util/assert.h"

#include <string.h>

#define CHUNK 64

static struct flash_device *device_of(struct mx_block *block)
{
    return (struct flash_device *)block;
}

/* Last barrier before the code: a place that is not the area's is a bug. */
static uint32_t place(const struct flash_device *dev, uint32_t block,
                      uint32_t off, size_t len)
{
    const struct mx_block *b = &dev->block;

    MX_ASSERT(block < b->block_count && off <= b->block_size &&
              len <= b->block_size - off);
    return flash_address(dev->chip, dev->area->first + block) + off;
}

/* --- reading ------------------------------------------------------------------ */

static int read(struct mx_block *block, uint32_t index, uint32_t off, void *buf,
                size_t len)
{
    return flash_copy(buf, place(device_of(block), index, off, len), len);
}

/* Does flash read as `data`, or, if that is NULL, as erased? */
static bool reads_as(const uint8_t *data, uint32_t address, size_t len)
{
    uint8_t is[CHUNK], erased[CHUNK];

    memset(erased, 0xff, sizeof erased);
    for (size_t at = 0; at < len; at += CHUNK) {
        size_t n = len - at < CHUNK ? len - at : CHUNK;

        if (flash_copy(is, address + (uint32_t)at, n) != 0 ||
            memcmp(is, data != NULL ? data + at : erased, n) != 0) {
            return false;
        }
    }
    return true;
}

bool flash_readable(uint32_t address, size_t len)
{
    uint8_t bytes[CHUNK];
    int rc = 0;

    for (size_t at = 0; at < len && rc == 0; at += CHUNK) {
        size_t n = len - at < CHUNK ? len - at : CHUNK;

        rc = flash_copy(bytes, address + (uint32_t)at, n);
    }
    return rc == 0;
}

/* --- programming and erasing ---------------------------------------------------- */

bool flash_wait(const char *what, uint32_t address, uint32_t mask,
                uint32_t since)
{
    while ((hw_rd(address) & mask) != 0) {
        if (mx_port_now_ms() - since > FLASH_CALL_MS) {
            return hw_wait(what, address, mask, 0, 1);
        }
    }
    return true;
}

static int count(struct flash_device *dev, int rc)
{
    dev->errors += rc != 0;
    return rc;
}

static int prog(struct mx_block *block, uint32_t index, uint32_t off,
                const void *data, size_t len)
{
    struct flash_device *dev = device_of(block);
    uint32_t address = place(dev, index, off, len);
    uint32_t since = mx_port_now_ms();
    uint8_t unit[FLASH_UNIT_MAX];
    int rc = flash_begin(address, since);

    MX_ASSERT(off % flash_unit == 0 && len % flash_unit == 0);
    for (size_t at = 0; at < len && rc == 0; at += flash_unit) {
        memcpy(unit, (const uint8_t *)data + at, flash_unit);
        rc = flash_program(address + (uint32_t)at, unit, since);
    }
    flash_end(address);
    if (rc == 0 && !reads_as(data, address, len)) {
        rc = MX_EIO;
    }
    return count(dev, rc);
}

static int erase(struct mx_block *block, uint32_t index)
{
    struct flash_device *dev = device_of(block);
    uint32_t address = place(dev, index, 0, dev->block.block_size);
    uint32_t since = mx_port_now_ms();
    int rc = flash_begin(address, since);

    if (rc == 0) {
        rc = flash_erase(dev->chip, dev->area->first + index, since);
    }
    flash_end(address);
    if (rc == 0 && !reads_as(NULL, address, dev->block.block_size)) {
        rc = MX_EIO;
    }
    return count(dev, rc);
}

/* There is no cache between: what prog() and erase() returned for is there. */
static int sync(struct mx_block *block)
{
    (void)block;
    return 0;
}

void flash_open(struct flash_device *dev, const struct flash_chip *chip,
                const struct flash_area *area)
{
    *dev = (struct flash_device){
        .block = {.read = read,
                  .prog = prog,
                  .erase = erase,
                  .sync = sync,
                  .read_size = 1,
                  .prog_size = flash_unit,
                  .block_size = area->block_size,
                  .block_count = area->count},
        .chip = chip,
        .area = area,
    };
    for (unsigned i = 0; i < area->count; i++) {
        MX_ASSERT(area->block_size <= flash_size(chip, area->first + i));
    }
}
