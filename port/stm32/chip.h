/* SPDX-License-Identifier: BSD-3-Clause */
/* What a chip knows of itself. */
#ifndef TINYMX_STM32_CHIP_H
#define TINYMX_STM32_CHIP_H

#include <stdint.h>

/* Unicast and locally administered (IEEE 802 8.2), made of the 96 bits of the
 * unique device ID: the same at every start, another for every chip. */
void chip_mac(uint8_t mac[6]);

/* The unique device ID. chip_uid.c; chip_uid_none.c, of an emulator that has
 * none: always the same. */
void chip_uid(uint32_t uid[3]);

/* NULL, or a sentence on why this silicon cannot do what the board wants: of an
 * F767 of revision A, that its RMII is broken. erratum_f767.c, erratum_none.c. */
const char *chip_erratum(void);

#endif
