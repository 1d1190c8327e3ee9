/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flash of F4 and F7, by words (RM0090 3.6, RM0410 3.3.6): 2.7 to 3.6 V, as on
 * every board here. Of an F7 in one bank; with two, its sectors have other
 * numbers.
 */
#include "flash_f4f7.h"

#include "base.h"
#include "flash_if.h"
#include "flash_parts.h"
#include "hw.h"

#include "tinymx/err.h"
#include "util/le.h"

#define FLASH(off) (FLASH_R_BASE + (off))
#define PSIZE hw_field(FLASH_CR_PSIZE, FLASH_CR_PSIZE_WORD)

/* The second bank's sectors are numbered from 16 on (FLASH_CR.SNB). */
#define BANK 12
#define BANK_SNB 16

const uint32_t flash_unit = 4;

static bool is_idle(uint32_t since)
{
    return flash_wait("FLASH_SR.BSY", FLASH(FLASH_SR), FLASH_SR_BSY, since);
}

/* What the operation came to. Bits are cleared by writing ones. */
static int outcome(uint32_t since)
{
    uint32_t errors;

    hw_barrier(); /* the order has reached flash before it is asked */
    if (!is_idle(since)) {
        return MX_EIO;
    }
    errors = hw_rd(FLASH(FLASH_SR)) & flash_errors;
    hw_wr(FLASH(FLASH_SR), errors);
    return errors == 0 ? 0 : MX_EIO;
}

static bool is_open(void)
{
    return (hw_rd(FLASH(FLASH_CR)) & FLASH_CR_LOCK) == 0;
}

/* Keys to what is open would lock it until the next reset. */
int flash_begin(uint32_t address, uint32_t since)
{
    (void)address;
    if (!is_idle(since)) {
        return MX_EIO;
    }
    hw_wr(FLASH(FLASH_SR), flash_errors);
    if (!is_open()) {
        hw_wr(FLASH(FLASH_KEYR), FLASH_KEYR_KEY1);
        hw_wr(FLASH(FLASH_KEYR), FLASH_KEYR_KEY2);
    }
    return is_open() ? 0 : MX_EIO;
}

int flash_erase(const struct flash_chip *chip, unsigned sector, uint32_t since)
{
    unsigned snb = sector < BANK ? sector : sector - BANK + BANK_SNB;
    uint32_t order = PSIZE | FLASH_CR_SER | hw_field(FLASH_CR_SNB, snb);

    (void)chip;
    hw_wr(FLASH(FLASH_CR), order);
    hw_wr(FLASH(FLASH_CR), order | FLASH_CR_STRT);
    return outcome(since);
}

int flash_program(uint32_t address, const uint8_t *unit, uint32_t since)
{
    hw_wr(FLASH(FLASH_CR), PSIZE | FLASH_CR_PG);
    hw_wr(address, le_get32(unit));
    return outcome(since);
}

void flash_end(uint32_t address)
{
    (void)address;
    if ((hw_rd(FLASH(FLASH_SR)) & FLASH_SR_BSY) == 0 && is_open()) {
        hw_wr(FLASH(FLASH_CR), FLASH_CR_LOCK);
        flash_forget();
    }
}

int flash_copy(void *to, uint32_t from, size_t len)
{
    hw_copy(to, from, len);
    return 0;
}
