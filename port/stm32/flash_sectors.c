/* SPDX-License-Identifier: BSD-3-Clause */
/* Which sectors a chip has, and where. */
#include "flash.h"

#include "util/assert.h"

/* RM0090 3.4, table 5 and 6; RM0410 3.3.2, nDBANK = 1; RM0433 4.3.4. */
static const struct flash_run run_f405[] = {{4, 16}, {1, 64}, {7, 128}, {0, 0}};
static const struct flash_run run_f429[] = {
    {4, 16}, {1, 64}, {7, 128}, {4, 16}, {1, 64}, {7, 128}, {0, 0}};
static const struct flash_run run_f767[] = {
    {4, 32}, {1, 128}, {7, 256}, {0, 0}};
static const struct flash_run run_h743[] = {{16, 128}, {0, 0}};

const struct flash_chip flash_f405 = {0x08000000, run_f405};
const struct flash_chip flash_f429 = {0x08000000, run_f429};
const struct flash_chip flash_f767 = {0x08000000, run_f767};
const struct flash_chip flash_h743 = {0x08000000, run_h743};

uint32_t flash_address(const struct flash_chip *chip, unsigned sector)
{
    uint32_t address = chip->base;

    for (const struct flash_run *run = chip->run; run->count > 0; run++) {
        unsigned n = sector < run->count ? sector : run->count;

        address += n * run->kb * 1024u;
        sector -= n;
    }
    MX_ASSERT(sector == 0);
    return address;
}

uint32_t flash_size(const struct flash_chip *chip, unsigned sector)
{
    return flash_address(chip, sector + 1) - flash_address(chip, sector);
}
