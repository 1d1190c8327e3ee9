/* SPDX-License-Identifier: BSD-3-Clause */
/* Mail and, behind it, identity in a file of the emulator's host: its flash cannot
 * be written. On silicon there is no place for them. */
#include "board.h"
#include "cortexm.h"
#include "parts.h"

#include "tinymx/err.h"

int board_store(struct mx_block **dev)
{
    return semihost_card(dev);
}

int board_identity(struct mx_block **dev)
{
    (void)dev;
    return MX_ENOTSUP;
}

void board_store_status(struct mx_console *c)
{
    (void)c;
}
