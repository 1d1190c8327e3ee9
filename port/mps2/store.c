/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mail in memory: the emulator's board has no SD card. It is kept over a reset
 * and gone with the power, so what was taken with 250 can be lost: a board to
 * try things on, and not to have one's mail sent to.
 *
 *     store_start                                        store_end
 *     │ block 0 │ block 1 │ ... │ mark, the rest of a block │
 *
 * Memory holds anything when the power comes; without the mark of an earlier
 * life it is made blank. The mark comes last, so that what is in front of it is
 * to the byte what a card would hold.
 */
#include "board.h"

#include "tinymx/block.h"

#include <string.h>

#define BLOCK 512u

/* Of the linker script. */
extern uint8_t store_start[], store_end[];

static const char mark[] = "tinymx: mail in front of this block";

static uint8_t *place(uint32_t block, uint32_t off)
{
    return store_start + block * BLOCK + off;
}

static int ram_read(struct mx_block *dev, uint32_t block, uint32_t off,
                    void *buf, size_t len)
{
    (void)dev;
    memcpy(buf, place(block, off), len);
    return 0;
}

static int ram_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                    const void *data, size_t len)
{
    (void)dev;
    memcpy(place(block, off), data, len);
    return 0;
}

static int ram_sync(struct mx_block *dev)
{
    (void)dev;
    return 0;
}

static struct mx_block ram = {
    .read = ram_read,
    .prog = ram_prog,
    .sync = ram_sync,
    .read_size = 1,
    .prog_size = 1,
    .block_size = BLOCK,
    .overwrite = true,
};

int board_store(struct mx_block **dev)
{
    size_t size = (size_t)(store_end - store_start) - BLOCK;

    if (memcmp(store_start + size, mark, sizeof mark) != 0) {
        memset(store_start, 0, size);
        memcpy(store_start + size, mark, sizeof mark);
    }
    ram.block_count = (uint32_t)(size / BLOCK);
    *dev = &ram;
    return 0;
}
