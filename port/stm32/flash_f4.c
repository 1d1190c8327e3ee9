/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an F4's flash interface has and an F7's has not: a data cache (ART), which
 * a program keeps right, and an erase does not (RM0090 3.5.2). No code is in an
 * area, so the instruction cache has nothing to forget.
 */
#include "flash_f4f7.h"

#include "base.h"
#include "flash_if.h"
#include "hw.h"

#define ACR (FLASH_R_BASE + FLASH_ACR)

const uint32_t flash_errors = FLASH_SR_WRPERR | FLASH_SR_PGAERR |
                              FLASH_SR_PGPERR | FLASH_SR_PGSERR |
                              FLASH_SR_RDERR;

/* It may be reset only while it is off. */
void flash_forget(void)
{
    bool on = (hw_rd(ACR) & FLASH_ACR_DCEN) != 0;

    hw_clear(ACR, FLASH_ACR_DCEN);
    hw_set(ACR, FLASH_ACR_DCRST);
    hw_clear(ACR, FLASH_ACR_DCRST);
    if (on) {
        hw_set(ACR, FLASH_ACR_DCEN);
    }
}
