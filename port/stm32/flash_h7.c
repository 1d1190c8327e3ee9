/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flash of H7 (RM0433 4.3): two banks with registers of their own, by flash words
 * of 32 bytes, each with an error correction code. What a power cut left of one
 * may have two bits wrong: a read of it is a bus error, and DBECCERR.
 */
#include "flash_parts.h"

#include "base.h"
#include "flash_if.h"
#include "hw.h"

#include "tinymx/err.h"
#include "util/le.h"

#define FLASH(off) (FLASH_R_BASE + (off))
#define BANK_SIZE 0x100000u
#define BANK_SECTORS 8
#define PSIZE hw_field(FLASH_CR1_PSIZE, FLASH_CR1_PSIZE_WORD)

#define REFUSALS                                                               \
    (FLASH_SR1_WRPERR | FLASH_SR1_PGSERR | FLASH_SR1_STRBERR |                 \
     FLASH_SR1_INCERR | FLASH_SR1_OPERR)
/* Some come of what the core reads ahead, and would be in the way. */
#define ALL_ERRORS                                                             \
    (FLASH_CCR1_CLR_WRPERR | FLASH_CCR1_CLR_PGSERR | FLASH_CCR1_CLR_STRBERR |  \
     FLASH_CCR1_CLR_INCERR | FLASH_CCR1_CLR_OPERR | FLASH_CCR1_CLR_RDPERR |    \
     FLASH_CCR1_CLR_RDSERR | FLASH_CCR1_CLR_SNECCERR |                         \
     FLASH_CCR1_CLR_DBECCERR)
#define ECC_ERRORS (FLASH_CCR1_CLR_SNECCERR | FLASH_CCR1_CLR_DBECCERR)

const uint32_t flash_unit = 32;

static const struct bank {
    uint32_t keyr, cr, sr, ccr;
    const char *busy;
} banks[2] = {
    {FLASH(FLASH_KEYR1), FLASH(FLASH_CR1), FLASH(FLASH_SR1), FLASH(FLASH_CCR1),
     "FLASH_SR1.QW"},
    {FLASH(FLASH_KEYR2), FLASH(FLASH_CR2), FLASH(FLASH_SR2), FLASH(FLASH_CCR2),
     "FLASH_SR2.QW"},
};

static const struct bank *bank_of(uint32_t address)
{
    return &banks[address - FLASH_BASE >= BANK_SIZE];
}

/* BSY may be 0 while an order still waits in the queue: both. */
static bool is_idle(const struct bank *bank, uint32_t since)
{
    return flash_wait(bank->busy, bank->sr, FLASH_SR1_QW | FLASH_SR1_BSY,
                      since);
}

static int outcome(const struct bank *bank, uint32_t since)
{
    uint32_t errors;

    hw_barrier(); /* the order has reached flash before it is asked */
    if (!is_idle(bank, since)) {
        return MX_EIO;
    }
    errors = hw_rd(bank->sr) & REFUSALS;
    hw_wr(bank->ccr, ALL_ERRORS);
    return errors == 0 ? 0 : MX_EIO;
}

static bool is_open(const struct bank *bank)
{
    return (hw_rd(bank->cr) & FLASH_CR1_LOCK) == 0;
}

/* Keys to a bank that is open would lock it until the next reset. */
int flash_begin(uint32_t address, uint32_t since)
{
    const struct bank *bank = bank_of(address);

    if (!is_idle(bank, since)) {
        return MX_EIO;
    }
    hw_wr(bank->ccr, ALL_ERRORS);
    if (!is_open(bank)) {
        hw_wr(bank->keyr, FLASH_KEYR1_KEY1);
        hw_wr(bank->keyr, FLASH_KEYR1_KEY2);
    }
    return is_open(bank) ? 0 : MX_EIO;
}

int flash_erase(const struct flash_chip *chip, unsigned sector, uint32_t since)
{
    const struct bank *bank = bank_of(flash_address(chip, sector));
    uint32_t order =
        PSIZE | FLASH_CR1_SER | hw_field(FLASH_CR1_SNB, sector % BANK_SECTORS);

    hw_wr(bank->cr, order);
    hw_wr(bank->cr, order | FLASH_CR1_START);
    return outcome(bank, since);
}

int flash_program(uint32_t address, const uint8_t *unit, uint32_t since)
{
    const struct bank *bank = bank_of(address);

    hw_wr(bank->cr, PSIZE | FLASH_CR1_PG);
    hw_barrier();
    for (uint32_t i = 0; i < flash_unit; i += 4) {
        hw_wr(address + i, le_get32(unit + i));
    }
    return outcome(bank, since);
}

void flash_end(uint32_t address)
{
    const struct bank *bank = bank_of(address);

    if ((hw_rd(bank->sr) & (FLASH_SR1_QW | FLASH_SR1_BSY)) == 0 &&
        is_open(bank)) {
        hw_wr(bank->cr, PSIZE | FLASH_CR1_LOCK);
    }
}

int flash_copy(void *to, uint32_t from, size_t len)
{
    const struct bank *bank = bank_of(from);

    hw_wr(bank->ccr, ECC_ERRORS);
    hw_copy(to, from, len);
    return (hw_rd(bank->sr) & FLASH_SR1_DBECCERR) == 0 ? 0 : MX_EIO;
}
