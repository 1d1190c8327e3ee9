/* SPDX-License-Identifier: BSD-3-Clause */
#include "util/wipe.h"

void wipe(void *bytes, size_t len)
{
    volatile unsigned char *at = bytes;

    while (len-- > 0) {
        *at++ = 0;
    }
}
