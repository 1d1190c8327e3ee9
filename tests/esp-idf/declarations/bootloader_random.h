/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of bootloader_random.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_BOOTLOADER_RANDOM_H
#define TINYMX_DECLARED_BOOTLOADER_RANDOM_H

void bootloader_random_enable(void);
void bootloader_random_disable(void);

#endif
