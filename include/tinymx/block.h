/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A device that keeps bytes when the power is off: NOR flash, an SD card, a
 * file. A driver fills a struct mx_block; a store is built on it.
 *
 *     block 0            block 1                     block_count - 1
 *     ├─────┬─────┬──────┼─────┬─────┬─────┬── ··· ──┼─────┬─────┬─────┤
 *     │ prog_size │ ...  │     block_size bytes      │
 *
 *                         block_size   prog_size   read_size   overwrite
 *     NOR flash, SPI      4096         256 or 1    1           no
 *     NOR flash, STM32H7  131072       32          1           no
 *     SD card             512          512         512         yes
 *
 * A place is a block and an offset into it. Offsets and lengths are multiples
 * of read_size to read, of prog_size to program, and no call goes past the end
 * of its block. Buffers need no alignment. A driver may take these rules, and
 * that the block exists, for granted.
 *
 * Programming needs erased bytes, and a byte is programmed once between two
 * erases: flash with error correction allows no more. Where `overwrite` is
 * set, program as often as you like and erase nothing. What an erased block
 * reads as is not said (0xff on most flash): a format tells its data from what
 * was there before by a check sum.
 *
 * What the power may do. After sync() returned 0, everything before it stays.
 * Of what was programmed or erased since, any part may be there and any not,
 * in no order: devices have caches. The operation in which the power went may
 * have left its own bytes (for an erase: its block) as anything, even such as
 * read differently each time or are MX_EIO to read until they are erased.
 * Bytes that no call named are never touched. What still reads as it did when
 * it was erased may be programmed, also if the power went in an attempt at it.
 *
 * A call returns when it is done, 0 or an error, and never MX_EAGAIN: a store
 * that could be left between any two operations would have to be a state
 * machine at every one of them, and each state a place to prove against power
 * cuts. So the caller, and with it the network, waits: 20 ms for most erases
 * of NOR flash, at worst some hundred for a busy SD card, one or two seconds for
 * a large sector of a chip's own flash; TCP bears that. A driver bounds its
 * waiting, at most 5 seconds a call, and then says MX_EIO. A store that minds
 * erases ahead of its need.
 *
 * MX_EIO is about this operation; others may still work. What a failed
 * operation left is the same as after a power cut in it.
 */
#ifndef TINYMX_BLOCK_H
#define TINYMX_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `const` for life once a store uses it. A driver makes it the first member of
 * a struct of its own. */
struct mx_block {
    /* Fills `buf` from a place. 0 or MX_EIO. */
    int (*read)(struct mx_block *dev, uint32_t block, uint32_t off, void *buf,
                size_t len);

    /* Programs `data` at a place that is erased. 0 or MX_EIO. */
    int (*prog)(struct mx_block *dev, uint32_t block, uint32_t off,
                const void *data, size_t len);

    /* Erases a block. 0 or MX_EIO. Where `overwrite` is set: NULL, or a hint
     * that what the block holds is not needed any more. */
    int (*erase)(struct mx_block *dev, uint32_t block);

    /* Everything so far is made to stay. 0 or MX_EIO. */
    int (*sync)(struct mx_block *dev);

    uint32_t read_size;  /* divides prog_size */
    uint32_t prog_size;  /* divides block_size */
    uint32_t block_size; /* what erase() erases */
    uint32_t block_count;
    bool overwrite; /* programs over what is there: SD cards, files */
};

#endif
