/* SPDX-License-Identifier: BSD-3-Clause */
#include "chip.h"

#include "base.h"
#include "hw.h"

void chip_uid(uint32_t uid[3])
{
    for (unsigned i = 0; i < 3; i++) {
        uid[i] = hw_rd(UID_BASE + 4 * i);
    }
}
