/* SPDX-License-Identifier: BSD-3-Clause */
/* A chip that can do what its boards want. */
#include "chip.h"

#include <stddef.h>

const char *chip_erratum(void)
{
    return NULL;
}
