/* SPDX-License-Identifier: BSD-3-Clause */
/* Mail and identity in areas of the chip's own flash. */
#include "board.h"
#include "board_data.h"
#include "parts.h"

#include "tinymx/console.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct flash_device mail, identity;

static int open_flash(struct flash_device *dev, const struct flash_area *area,
                      struct mx_block **block)
{
    flash_open(dev, board_data.flash, area);
    *block = &dev->block;
    return 0;
}

int board_store(struct mx_block **dev)
{
    return open_flash(&mail, &board_data.spool, dev);
}

int board_identity(struct mx_block **dev)
{
    return open_flash(&identity, &board_data.identity, dev);
}

void board_store_status(struct mx_console *c)
{
    const struct mx_console_level flash[] = {
        {mail.errors, "errors in mail"},
        {identity.errors, "in identity"},
    };

    mx_console_levels(c, "flash", flash, COUNT(flash));
}
