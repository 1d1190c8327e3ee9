/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An SD card in SPI mode as a block device (SD Physical Layer Simplified
 * Specification 7): cards of version 2, SDSC and SDHC. The board moves bytes:
 * board_spi_*() of board.h.
 *
 *     rc = sdcard_open(&card);
 *     rc = mx_spool_mount(&spool, &card.block, &config);
 *
 * Reads and writes are single blocks. The CRCs of SPI mode stay off, as they
 * are after reset; the store above has its own.
 */
#ifndef TINYMX_CORTEXM_SDCARD_H
#define TINYMX_CORTEXM_SDCARD_H

#include "tinymx/block.h"

struct sdcard {
    struct mx_block block; /* set by sdcard_open() */
    bool by_block;         /* addressed in blocks, not in bytes (SDHC) */
};

/* 0; MX_EIO: there is no card, or it does not do as it must; MX_ENOTSUP: it is
 * of a kind that is not known here. Takes a second at most. */
int sdcard_open(struct sdcard *card);

#endif
