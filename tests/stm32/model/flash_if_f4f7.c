/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registers of flash of an F4 or F7 (RM0090 3.5, 3.6, 3.9; RM0410 3.3, 3.7),
 * and an F4's data cache: eight lines of 16 bytes, which a program keeps right
 * and an erase does not.
 */
#include "flash_cells.h"
#include "model.h"

#include "base.h"

#include <string.h>

#define KEY1 0x45670123u
#define KEY2 0xcdef89abu
#define ACR 0x00u
#define KEYR 0x04u
#define SR 0x0cu
#define CR 0x10u
#define DCEN (1u << 10)
#define DCRST (1u << 12)
#define SR_ERRORS 0x1f2u
#define SR_BSY (1u << 16)
#define CR_PG 1u
#define CR_SER 2u
#define CR_STRT (1u << 16)
#define CR_LOCK (1u << 31)
#define LINES 8

static struct {
    uint32_t acr, sr, cr;
    bool first_key;
    struct {
        bool valid;
        uint32_t at;
        uint8_t bytes[16];
    } line[LINES];
} reg;

static bool has_cache(void)
{
    return strcmp(flash_kind->chip, "f429") == 0;
}

/* --- orders ------------------------------------------------------------------ */

static void key(uint32_t value)
{
    MODEL_RULE((reg.cr & CR_LOCK) != 0, "a key, and it is not locked");
    MODEL_RULE(value == (reg.first_key ? KEY2 : KEY1), "0x%08x is not the key",
               value);
    if (reg.first_key && !cells_locked_out()) {
        reg.cr &= ~CR_LOCK;
    }
    reg.first_key = !reg.first_key;
}

/* FLASH_CR.SNB: 0 to 11, then 16 to 27 with two banks. */
static unsigned sector_of(uint32_t cr)
{
    unsigned snb = cr >> 3 & 31;

    MODEL_RULE(snb < 12 || (has_cache() && snb >= 16 && snb < 28), "SNB is %u",
               snb);
    return snb < 12 ? snb : snb - 4;
}

static void start(uint32_t old)
{
    MODEL_RULE((reg.cr & (CR_SER | CR_PG)) == CR_SER, "STRT without just SER");
    MODEL_RULE(((reg.cr ^ old) & ~CR_STRT) == 0,
               "STRT together with what is to be started");
    MODEL_RULE((reg.cr >> 8 & 3) == 2, "PSIZE is %u", reg.cr >> 8 & 3);
    MODEL_RULE((reg.sr & SR_ERRORS) == 0, "an error of before: %x", reg.sr);
    if (!cells_erase(sector_of(reg.cr))) {
        reg.sr |= 1u << 4; /* WRPERR */
    }
}

static void control(uint32_t value)
{
    uint32_t old = reg.cr;

    MODEL_RULE(!cells_busy(), "CR is written while BSY: the bus stalls");
    MODEL_RULE((old & CR_LOCK) == 0, "CR is written and locked");
    MODEL_RULE((value & ~(0x3ffu | CR_STRT | CR_LOCK)) == 0 && (value & 4) == 0,
               "CR becomes 0x%08x", value);
    MODEL_RULE((value & CR_PG) == 0 || (value & CR_SER) == 0, "PG and SER");
    reg.cr = value;
    if ((value & CR_STRT) != 0) {
        start(old);
        reg.cr &= ~CR_STRT;
    }
}

static void access_control(uint32_t value)
{
    const uint32_t caches = DCEN | DCRST;

    MODEL_RULE(has_cache(), "ACR is not for this driver here");
    MODEL_RULE(((value ^ reg.acr) & ~caches) == 0, "ACR: not only the cache");
    MODEL_RULE((value & DCRST) == 0 || (reg.acr & DCEN) == 0,
               "the cache is reset while it is on");
    MODEL_RULE((value & caches) != caches, "DCRST is still set");
    if ((value & DCRST) != 0) {
        memset(reg.line, 0, sizeof reg.line);
    }
    reg.acr = value;
}

/* --- registers ----------------------------------------------------------------- */

static uint32_t rd(uint32_t off)
{
    switch (off) {
    case ACR:
        return reg.acr;
    case SR:
        return reg.sr | (cells_busy() ? SR_BSY : 0);
    case CR:
        return reg.cr;
    }
    model_broken("FLASH: register 0x%02x is read", off);
}

static void wr(uint32_t off, uint32_t value)
{
    switch (off) {
    case ACR:
        access_control(value);
        return;
    case KEYR:
        key(value);
        return;
    case SR:
        MODEL_RULE((value & ~SR_ERRORS) == 0, "SR: 0x%08x is written", value);
        reg.sr &= ~value;
        return;
    case CR:
        control(value);
        return;
    }
    model_broken("FLASH: register 0x%02x is written", off);
}

static struct model_unit unit = {
    .name = "FLASH", .base = FLASH_R_BASE, .size = 0x400, .rd = rd, .wr = wr};

void flash_if_on(void)
{
    memset(&reg, 0, sizeof reg);
    reg.acr = has_cache() ? 0x705 : 0; /* as the clock's driver leaves it */
    reg.cr = CR_LOCK;
    model_add(&unit);
}

bool flash_if_quiet(void)
{
    return (reg.cr & CR_LOCK) != 0 && (reg.cr & (CR_PG | CR_SER)) == 0 &&
           !cells_busy() && (reg.sr & SR_ERRORS) == 0 &&
           (!has_cache() || reg.acr == 0x705);
}

/* --- memory ---------------------------------------------------------------------- */

uint32_t flash_if_rd_memory(uint32_t off)
{
    uint32_t at = CELLS_BASE + (off & ~15u), word;
    unsigned i = at / 16 % LINES;

    MODEL_RULE(!cells_busy(), "memory is read while BSY: the core stalls");
    if ((reg.acr & DCEN) == 0 || !has_cache()) {
        return cells_word(CELLS_BASE + off);
    }
    if (!reg.line[i].valid || reg.line[i].at != at) {
        reg.line[i].valid = true;
        reg.line[i].at = at;
        memcpy(reg.line[i].bytes, cells_at(at), 16);
    }
    cells_counts.stale += memcmp(reg.line[i].bytes, cells_at(at), 16) != 0;
    memcpy(&word, reg.line[i].bytes + (off & 12), 4);
    return word;
}

void flash_if_wr_memory(uint32_t off, uint32_t value)
{
    uint32_t at = CELLS_BASE + (off & ~15u);
    unsigned i = at / 16 % LINES;
    uint8_t bytes[4];

    memcpy(bytes, &value, sizeof bytes);
    MODEL_RULE(!cells_busy(), "memory is written while BSY");
    MODEL_RULE((reg.cr & (CR_LOCK | CR_SER | CR_PG)) == CR_PG,
               "memory is written, CR is 0x%08x", reg.cr);
    MODEL_RULE((reg.cr >> 8 & 3) == 2, "PSIZE is %u", reg.cr >> 8 & 3);
    MODEL_RULE((reg.sr & SR_ERRORS) == 0, "an error of before: %x", reg.sr);
    if (!cells_program(CELLS_BASE + off, bytes)) {
        reg.sr |= 1u << 6; /* PGPERR */
    }
    if (reg.line[i].valid && reg.line[i].at == at) {
        memcpy(reg.line[i].bytes, cells_at(at), 16);
    }
}
