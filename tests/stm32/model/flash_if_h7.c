/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registers of flash of an H7 (RM0433 4.3, 4.5, 4.9): a set for each bank, a
 * write buffer of a flash word, error correction.
 */
#include "flash_cells.h"
#include "model.h"

#include "base.h"

#include <string.h>

#define KEY1 0x45670123u
#define KEY2 0xcdef89abu
#define ACR 0x00u
#define KEYR 0x04u
#define CR 0x0cu
#define SR 0x10u
#define CCR 0x14u
#define BANK 0x100000u
#define FLAGS 0x07ef0000u /* what CCR clears */
#define WRPERR (1u << 17)
#define PGSERR (1u << 18)
#define OPERR (1u << 22)
#define RDSERR (1u << 24)
#define SNECCERR (1u << 25)
#define DBECCERR (1u << 26)
#define CR_LOCK 1u
#define CR_PG 2u
#define CR_SER 4u
#define CR_START (1u << 7)
#define SR_BSY 1u
#define SR_WBNE 2u
#define SR_QW 4u
#define WORD 32u

static struct bank {
    uint32_t cr, sr;
    bool first_key;
    uint32_t at;     /* what the write buffer is for, */
    uint32_t filled; /* a bit for each of its words */
    uint8_t buffer[WORD];
} banks[2];

static struct bank *active; /* that is busy */

static bool busy(const struct bank *b)
{
    bool is = b == active && cells_busy();

    active = b == active && !is ? NULL : active;
    return is;
}

/* --- orders ------------------------------------------------------------------ */

static void key(struct bank *b, uint32_t value)
{
    MODEL_RULE((b->cr & CR_LOCK) != 0, "a key, and it is not locked");
    MODEL_RULE(value == (b->first_key ? KEY2 : KEY1), "0x%08x is not the key",
               value);
    if (b->first_key && !cells_locked_out()) {
        b->cr &= ~CR_LOCK;
    }
    b->first_key = !b->first_key;
}

static void start(struct bank *b, uint32_t old)
{
    unsigned sector = (b->cr >> 8 & 7) + (b == &banks[1] ? 8 : 0);

    MODEL_RULE((b->cr & (CR_SER | CR_PG)) == CR_SER, "START without just SER");
    MODEL_RULE(((b->cr ^ old) & ~CR_START) == 0,
               "START together with what is to be started");
    MODEL_RULE((b->cr >> 4 & 3) >= 2, "PSIZE is %u", b->cr >> 4 & 3);
    active = b;
    if ((b->sr & FLAGS) != 0) {
        b->sr |= PGSERR;
    } else if (!cells_erase(sector)) {
        b->sr |= WRPERR;
    }
    b->sr |= model_chance(3) ? RDSERR : 0; /* the core reads ahead */
}

static void control(struct bank *b, uint32_t value)
{
    uint32_t old = b->cr;

    MODEL_RULE(!busy(b), "CR is written while busy");
    MODEL_RULE((old & CR_LOCK) == 0, "CR is written and locked");
    MODEL_RULE((value & ~0x7b7u) == 0, "CR becomes 0x%08x", value);
    MODEL_RULE((value & CR_PG) == 0 || (value & CR_SER) == 0, "PG and SER");
    MODEL_RULE(b->filled == 0, "the write buffer is not empty");
    b->cr = value;
    if ((value & CR_START) != 0) {
        start(b, old);
        b->cr &= ~CR_START;
    }
}

/* --- registers ----------------------------------------------------------------- */

static uint32_t rd(uint32_t off)
{
    struct bank *b = &banks[off >= 0x100];

    switch (off & 0xff) {
    case SR:
        return b->sr | (busy(b) ? SR_QW | (model_chance(2) ? SR_BSY : 0) : 0) |
               (b->filled != 0 ? SR_WBNE : 0);
    case CR:
        return b->cr;
    }
    model_broken("FLASH: register 0x%02x is read", off);
}

static void wr(uint32_t off, uint32_t value)
{
    struct bank *b = &banks[off >= 0x100];

    switch (off & 0xff) {
    case KEYR:
        key(b, value);
        return;
    case CR:
        control(b, value);
        return;
    case CCR:
        MODEL_RULE((value & ~FLAGS) == 0, "CCR: 0x%08x is written", value);
        b->sr &= ~value;
        return;
    }
    model_broken("FLASH: register 0x%02x is written", off);
}

static struct model_unit unit = {
    .name = "FLASH", .base = FLASH_R_BASE, .size = 0x200, .rd = rd, .wr = wr};

void flash_if_on(void)
{
    memset(banks, 0, sizeof banks);
    banks[0].cr = banks[1].cr = 0x31;
    /* the core has read ahead, of what is nobody's */
    banks[0].sr = banks[1].sr = model_chance(2) ? RDSERR | DBECCERR : 0;
    active = NULL;
    model_add(&unit);
}

bool flash_if_quiet(void)
{
    for (int i = 0; i < 2; i++) {
        if ((banks[i].cr & (CR_LOCK | CR_PG | CR_SER)) != CR_LOCK ||
            busy(&banks[i])) {
            return false;
        }
    }
    return true;
}

/* --- memory ---------------------------------------------------------------------- */

/* RM0433 4.3.10, 4.7.8: one wrong bit is put right and reported; of two, the bus
 * has an error, and the flag stays until it is cleared. */
uint32_t flash_if_rd_memory(uint32_t off)
{
    uint32_t address = CELLS_BASE + off;
    struct bank *b = &banks[off >= BANK];
    unsigned wrong = cells_wrong(address);

    MODEL_RULE(!busy(b), "memory is read while busy: the core stalls");
    if (wrong > 1) {
        b->sr |= DBECCERR;
        model_bus_error(address);
        return model_random(UINT32_MAX);
    }
    b->sr |= wrong == 1 ? SNECCERR : 0;
    return cells_word(address);
}

static void flush(struct bank *b)
{
    b->filled = 0;
    active = b;
    if ((b->sr & FLAGS) != 0) {
        b->sr |= PGSERR;
    } else if (!cells_program(b->at, b->buffer)) {
        b->sr |= OPERR;
    }
    b->sr |= model_chance(20) ? RDSERR : 0;
}

void flash_if_wr_memory(uint32_t off, uint32_t value)
{
    struct bank *b = &banks[off >= BANK];
    uint32_t at = CELLS_BASE + (off & ~(WORD - 1)), bit = 1u << off % WORD / 4;

    MODEL_RULE(!busy(b), "memory is written while busy");
    MODEL_RULE((b->cr & (CR_LOCK | CR_SER | CR_PG)) == CR_PG,
               "memory is written, CR is 0x%08x", b->cr);
    MODEL_RULE(b->filled == 0 || b->at == at,
               "INCERR: two flash words at once");
    MODEL_RULE((b->filled & bit) == 0, "STRBERR: a word is written twice");
    b->at = at;
    b->filled |= bit;
    memcpy(b->buffer + off % WORD, &value, sizeof value);
    if (b->filled == 0xff) {
        flush(b);
    }
}
