/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints a board's flash areas: name, first sector, sectors, address of each
 * sector and its size, the block size. layout_test.py reads it. */
#include "board_data.h"

#include <stdio.h>

static void print(const struct flash_area *area)
{
    if (area->count == 0) {
        return;
    }
    printf("%s,%u,%u,%u", area->name, area->first, area->count,
           (unsigned)area->block_size);
    for (unsigned i = 0; i < area->count; i++) {
        unsigned sector = area->first + i;

        printf(",%u,%u", (unsigned)flash_address(board_data.flash, sector),
               (unsigned)flash_size(board_data.flash, sector));
    }
    printf("\n");
}

int main(void)
{
    print(&board_data.vectors);
    print(&board_data.code);
    print(&board_data.config[0]);
    print(&board_data.config[1]);
    print(&board_data.identity);
    print(&board_data.spool);
    return 0;
}
