/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an F7's flash interface has instead. Its accelerator (ART) is on the ITCM
 * bus; at 0x08000000 flash is read over AXI, past that, and the core's own data
 * cache is off (core_m7.c): there is nothing to forget (RM0410 2.1.1, 3.3.2).
 */
#include "flash_f4f7.h"

#include "flash_if.h"

const uint32_t flash_errors = FLASH_SR_OPERR | FLASH_SR_WRPERR |
                              FLASH_SR_PGAERR | FLASH_SR_PGPERR |
                              FLASH_SR_ERSERR;

void flash_forget(void)
{
}
