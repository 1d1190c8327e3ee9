/* SPDX-License-Identifier: BSD-3-Clause */
/* An emulator of a chip has no ID, and faults when it is asked. */
#include "chip.h"

void chip_uid(uint32_t uid[3])
{
    for (unsigned i = 0; i < 3; i++) {
        uid[i] = i;
    }
}
