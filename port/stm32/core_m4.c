/* SPDX-License-Identifier: BSD-3-Clause */
#include "core.h"

/* A Cortex-M4 has no caches; those in front of the flash are rcc_f4.c's. */
void core_start(void)
{
}
