/* SPDX-License-Identifier: BSD-3-Clause */
#include "hw.h"

#include <string.h>

static const char *missed[HW_MISSED];

void hw_set(uint32_t address, uint32_t mask)
{
    hw_wr(address, hw_rd(address) | mask);
}

void hw_clear(uint32_t address, uint32_t mask)
{
    hw_wr(address, hw_rd(address) & ~mask);
}

void hw_put(uint32_t address, uint32_t mask, uint32_t value)
{
    hw_wr(address, (hw_rd(address) & ~mask) | hw_field(mask, value));
}

static void keep(const char *what)
{
    unsigned i = 0;

    while (i < HW_MISSED && missed[i] != NULL && strcmp(missed[i], what) != 0) {
        i++;
    }
    if (i < HW_MISSED) {
        missed[i] = what;
    }
}

bool hw_wait(const char *what, uint32_t address, uint32_t mask, uint32_t want,
             uint32_t spins)
{
    for (uint32_t i = 0; i < spins; i++) {
        if ((hw_rd(address) & mask) == want) {
            return true;
        }
    }
    keep(what);
    return false;
}

const char *hw_missed(unsigned i)
{
    return i < HW_MISSED ? missed[i] : NULL;
}
