/* SPDX-License-Identifier: BSD-3-Clause */
#include "block_ram.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

const struct mx_block block_ram_geometry[] = {
    {.read_size = 512,
     .prog_size = 512,
     .block_size = 512,
     .block_count = 256,
     .overwrite = true},
    {.read_size = 1, .prog_size = 256, .block_size = 4096, .block_count = 28},
    {.read_size = 1, .prog_size = 32, .block_size = 16384, .block_count = 8},
    {.read_size = 16, .prog_size = 512, .block_size = 512, .block_count = 256},
    {.block_size = 0},
};

static struct block_ram *ram_of(struct mx_block *dev)
{
    return (struct block_ram *)dev;
}

/* Numerical Recipes' generator; its high bits are good enough to toss with. */
static uint32_t toss(struct block_ram *ram)
{
    ram->seed = ram->seed * 1664525u + 1013904223u;
    return ram->seed >> 16;
}

/* The rules for every place. */
static size_t place(struct mx_block *dev, uint32_t block, uint32_t off,
                    size_t len, uint32_t unit)
{
    assert_true(block < dev->block_count);
    assert_true(off <= dev->block_size && len <= dev->block_size - off);
    assert_int_equal(off % unit, 0);
    assert_int_equal(len % unit, 0);
    return (size_t)block * dev->block_size + off;
}

/* --- operations --------------------------------------------------------- */

/* What the next operation is to do: all of it, or nothing and MX_EIO, or, with
 * `*torn`, what a power cut leaves of it and MX_EIO. */
static int begin(struct block_ram *ram, bool *torn)
{
    *torn = false;
    if (ram->dark) {
        return MX_EIO;
    }
    ram->count++;
    if (ram->count == ram->fail_at) {
        return MX_EIO;
    }
    if (ram->count == ram->cut_at) {
        ram->dark = true;
        *torn = true;
        return MX_EIO;
    }
    return 0;
}

static void tear(struct block_ram *ram, size_t at, size_t len)
{
    for (size_t i = at; i < at + len; i++) {
        bool second_half = i >= at + len / 2;

        if (ram->torn == TORN_NOISE) {
            ram->now[i] = (uint8_t)toss(ram);
        } else if (ram->torn == TORN_OLD ||
                   (ram->torn == TORN_HALF && second_half)) {
            ram->now[i] = ram->kept[i];
        }
    }
    memset(ram->state + at / BLOCK_RAM_UNIT,
           ram->torn == TORN_UNREADABLE ? UNIT_UNREADABLE : UNIT_WRITTEN,
           len / BLOCK_RAM_UNIT);
    /* No cache can make that undone. */
    memcpy(ram->kept + at, ram->now + at, len);
    memcpy(ram->kept_state + at / BLOCK_RAM_UNIT,
           ram->state + at / BLOCK_RAM_UNIT, len / BLOCK_RAM_UNIT);
}

static int ram_read(struct mx_block *dev, uint32_t block, uint32_t off,
                    void *buf, size_t len)
{
    struct block_ram *ram = ram_of(dev);
    size_t at = place(dev, block, off, len, dev->read_size);

    if (ram->dark || (ram->fail_read > 0 && --ram->fail_read == 0)) {
        return MX_EIO;
    }
    for (size_t i = at; i < at + len; i++) {
        if (ram->state[i / BLOCK_RAM_UNIT] == UNIT_UNREADABLE) {
            return MX_EIO;
        }
    }
    memcpy(buf, ram->now + at, len);
    return 0;
}

static int ram_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                    const void *data, size_t len)
{
    struct block_ram *ram = ram_of(dev);
    size_t at = place(dev, block, off, len, dev->prog_size);
    bool torn;
    int rc = begin(ram, &torn);

    if (rc != 0 && !torn) {
        return rc;
    }
    for (size_t i = at / BLOCK_RAM_UNIT; i < (at + len) / BLOCK_RAM_UNIT; i++) {
        assert_true(dev->overwrite || ram->state[i] == UNIT_ERASED);
        ram->state[i] = UNIT_WRITTEN;
    }
    memcpy(ram->now + at, data, len);
    if (torn) {
        tear(ram, at, len);
    }
    return rc;
}

static int ram_erase(struct mx_block *dev, uint32_t block)
{
    struct block_ram *ram = ram_of(dev);
    size_t at = place(dev, block, 0, dev->block_size, dev->block_size);
    bool torn;
    int rc = begin(ram, &torn);

    if (rc != 0 && !torn) {
        return rc;
    }
    ram->erases++;
    memset(ram->now + at, 0xff, dev->block_size);
    memset(ram->state + at / BLOCK_RAM_UNIT, UNIT_ERASED,
           dev->block_size / BLOCK_RAM_UNIT);
    if (torn) {
        tear(ram, at, dev->block_size);
    }
    return rc;
}

static int ram_sync(struct mx_block *dev)
{
    struct block_ram *ram = ram_of(dev);
    bool torn;
    int rc = begin(ram, &torn);

    if (rc == 0) {
        memcpy(ram->kept, ram->now, sizeof ram->kept);
        memcpy(ram->kept_state, ram->state, sizeof ram->kept_state);
    }
    return rc;
}

/* --- the device --------------------------------------------------------- */

void block_ram_init(struct block_ram *ram, const struct mx_block *geometry,
                    uint8_t fill)
{
    memset(ram, 0, sizeof *ram);
    ram->block = *geometry;
    ram->block.read = ram_read;
    ram->block.prog = ram_prog;
    ram->block.erase = geometry->overwrite ? NULL : ram_erase;
    ram->block.sync = ram_sync;
    ram->seed = 1;
    memset(ram->now, fill, sizeof ram->now);
    memset(ram->kept, fill, sizeof ram->kept);
    memset(ram->state, UNIT_WRITTEN, sizeof ram->state);
    memset(ram->kept_state, UNIT_WRITTEN, sizeof ram->kept_state);
}

void block_ram_settle(struct block_ram *ram)
{
    memcpy(ram->kept, ram->now, sizeof ram->kept);
    for (size_t i = 0; i < BLOCK_RAM_UNITS; i++) {
        const uint8_t *unit = ram->now + i * BLOCK_RAM_UNIT;
        bool erased =
            unit[0] == 0xff && memcmp(unit, unit + 1, BLOCK_RAM_UNIT - 1) == 0;

        ram->state[i] = erased ? UNIT_ERASED : UNIT_WRITTEN;
        ram->kept_state[i] = ram->state[i];
    }
}

void block_ram_reboot(struct block_ram *ram)
{
    for (size_t i = 0; i < BLOCK_RAM_UNITS; i++) {
        size_t at = i * BLOCK_RAM_UNIT;

        if (ram->dark && toss(ram) % 2 == 0) {
            memcpy(ram->now + at, ram->kept + at, BLOCK_RAM_UNIT);
            ram->state[i] = ram->kept_state[i];
        }
    }
    memcpy(ram->kept, ram->now, sizeof ram->kept);
    memcpy(ram->kept_state, ram->state, sizeof ram->kept_state);
    ram->dark = false;
    ram->count = ram->cut_at = ram->fail_at = 0;
}
