/* SPDX-License-Identifier: BSD-3-Clause */
#include "flash_outage.h"

#include "model/flash_cells.h"
#include "model/model.h"

#include <setjmp.h>
#include <stdio.h>

#include "tinymx/port.h"

static struct flash_device dev;
static jmp_buf gone;

uint32_t mx_port_now_ms(void)
{
    return cells_now_ms();
}

static void leave(void)
{
    longjmp(gone, 1);
}

void outage_new(void)
{
    cells_new(TEST_CHIP);
}

struct mx_block *outage_on(uint64_t seed, const struct flash_area *area)
{
    uint32_t size, last;

    model_begin(seed);
    cells_on();
    last = cells_sector(area->first + area->count - 1u, &size) + size;
    cells_allow(cells_sector(area->first, &size), last);
    flash_open(&dev, board_data.flash, area);
    return &dev.block;
}

bool outage_in(uint32_t n, void (*live)(void))
{
    if (setjmp(gone) != 0) {
        return true;
    }
    cells_cut(n, leave);
    live();
    cells_cut(0, NULL);
    return false;
}

unsigned long outage_erases(void)
{
    return (unsigned long)cells_counts.erases;
}

void outage_print(void)
{
    printf("%s: %llu programs, %llu erases, %llu torn, %llu units unreadable, "
           "%llu rules\n",
           TEST_CHIP, (unsigned long long)cells_counts.programs,
           (unsigned long long)cells_counts.erases,
           (unsigned long long)cells_counts.torn,
           (unsigned long long)cells_counts.unreadable,
           (unsigned long long)model_counts().rules);
}
