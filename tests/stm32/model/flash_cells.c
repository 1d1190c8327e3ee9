/* SPDX-License-Identifier: BSD-3-Clause */
#include "flash_cells.h"

#include "model.h"

#include "util/le.h"

#include <string.h>

#define UNITS_MAX (CELLS_SIZE / 4)

static const uint16_t kb_f4[] = {16,  16,  16,  16,  64,  128, 128, 128, 128,
                                 128, 128, 128, 16,  16,  16,  16,  64,  128,
                                 128, 128, 128, 128, 128, 128, 0};
static const uint16_t kb_f7[] = {32,  32,  32,  32,  128, 256, 256,
                                 256, 256, 256, 256, 256, 0};
static const uint16_t kb_h7[] = {128, 128, 128, 128, 128, 128, 128, 128, 128,
                                 128, 128, 128, 128, 128, 128, 128, 0};

static const struct flash_kind kinds[] = {
    {"f429", 4, CELLS_SIZE, false, kb_f4},
    {"f767", 4, CELLS_SIZE, false, kb_f7},
    {"h743", 32, CELLS_SIZE, true, kb_h7},
};

const struct flash_kind *flash_kind;
struct cells_counts cells_counts;

static uint8_t cells[CELLS_SIZE];
/* Of each unit: */
static uint8_t used[UNITS_MAX];  /* it was programmed since it was erased */
static uint8_t wrong[UNITS_MAX]; /* bits that its ECC finds wrong, at most 2 */

static struct {
    uint32_t from, to;
    enum flash_fault fault;
    uint32_t cut_in;
    void (*gone)(void);
    uint32_t now_ms, until_ms, looks;
    bool stuck, locked_out;
} state;

/* --- power ------------------------------------------------------------------ */

void cells_new(const char *chip)
{
    for (flash_kind = kinds; strcmp(flash_kind->chip, chip) != 0;) {
        flash_kind++;
    }
    memset(cells, 0xff, sizeof cells);
    memset(used, 0, sizeof used);
    memset(wrong, 0, sizeof wrong);
    memset(&state, 0, sizeof state);
}

static struct model_unit memory = {
    .name = "FLASH memory",
    .base = CELLS_BASE,
    .size = CELLS_SIZE,
    .rd = flash_if_rd_memory,
    .wr = flash_if_wr_memory,
};

void cells_on(void)
{
    state.fault = FAULT_NONE;
    state.cut_in = 0;
    state.stuck = false;
    state.locked_out = false;
    state.looks = 0;
    state.until_ms = state.now_ms;
    model_add(&memory);
    flash_if_on();
}

void cells_allow(uint32_t from, uint32_t to)
{
    state.from = from;
    state.to = to;
}

void cells_fault(enum flash_fault fault)
{
    state.fault = fault;
    state.locked_out = fault == FAULT_KEYS;
}

void cells_cut(uint32_t operations, void (*gone)(void))
{
    state.cut_in = operations;
    state.gone = gone;
}

bool cells_locked_out(void)
{
    return state.locked_out;
}

bool cells_quiet(void)
{
    return flash_if_quiet();
}

/* --- time ------------------------------------------------------------------- */

/* A core that stands still while a sector is erased finds much time gone at
 * once; a word takes some microseconds. */
uint32_t cells_now_ms(void)
{
    bool erasing = (int32_t)(state.until_ms - state.now_ms) > 0;

    state.now_ms +=
        erasing || state.stuck ? model_random(40) : model_chance(50);
    return state.now_ms;
}

bool cells_busy(void)
{
    state.looks -= state.looks > 0;
    return state.stuck || state.looks > 0 ||
           (int32_t)(state.until_ms - state.now_ms) > 0;
}

static void take(uint32_t ms)
{
    state.looks = 1 + model_random(4);
    state.until_ms = state.now_ms + ms;
    state.stuck = state.fault == FAULT_STUCK;
}

/* --- places ----------------------------------------------------------------- */

uint32_t cells_sector(unsigned sector, uint32_t *size)
{
    uint32_t at = CELLS_BASE;

    for (unsigned i = 0; i < sector && flash_kind->kb[i] != 0; i++) {
        at += flash_kind->kb[i] * 1024u;
    }
    MODEL_RULE(at < CELLS_BASE + CELLS_SIZE, "there is no sector %u", sector);
    *size = flash_kind->kb[sector] * 1024u;
    return at;
}

const uint8_t *cells_at(uint32_t address)
{
    return &cells[address - CELLS_BASE];
}

uint32_t cells_word(uint32_t address)
{
    return le_get32(cells_at(address));
}

static uint32_t unit_of(uint32_t address)
{
    return (address - CELLS_BASE) / flash_kind->unit;
}

unsigned cells_wrong(uint32_t address)
{
    cells_counts.unreadable += wrong[unit_of(address)] > 1;
    return wrong[unit_of(address)];
}

bool cells_readable(uint32_t address, size_t len)
{
    unsigned worst = 0;

    for (uint32_t at = address; at < address + len; at++) {
        worst = wrong[unit_of(at)] > worst ? wrong[unit_of(at)] : worst;
    }
    return worst < 2;
}

static bool is_erased(const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (at[i] != 0xff) {
            return false;
        }
    }
    return true;
}

/* --- programming ------------------------------------------------------------- */

/* Some of the bits that were to become 0 did. One wrong bit reads right. */
static void tear_program(uint8_t *at, const uint8_t *want, uint32_t unit)
{
    uint32_t n = flash_kind->unit;
    unsigned missing = 0, done = 0;
    unsigned way = model_random(4);

    for (uint32_t i = 0; i < n; i++) {
        uint8_t keep = way == 0   ? 0xff /* none did */
                       : way == 1 ? 0    /* all did */
                                  : (uint8_t)model_random(256);

        missing += (unsigned)__builtin_popcount(keep & (uint8_t)~want[i]);
        done += (unsigned)__builtin_popcount(~keep & (uint8_t)~want[i]);
        at[i] &= (uint8_t)(want[i] | keep);
    }
    used[unit] = !is_erased(at, n);
    if (flash_kind->ecc && way >= 2) {
        wrong[unit] = missing == 0 && done == 0 ? (uint8_t)model_random(2)
                      : model_chance(20)        ? 0 /* codes do not see all */
                                                : 2;
    }
    cells_counts.torn++;
}

/* The power goes; it is gone for whoever called. */
static bool is_cut(void)
{
    if (state.cut_in == 0 || --state.cut_in > 0) {
        return false;
    }
    return true;
}

static bool allowed(uint32_t from, uint32_t size)
{
    return from >= state.from && from + size <= state.to;
}

static void program(uint32_t address, const uint8_t *want)
{
    uint8_t *at = &cells[address - CELLS_BASE];

    for (uint32_t i = 0; i < flash_kind->unit; i++) {
        at[i] &= want[i];
    }
    used[unit_of(address)] = 1;
}

bool cells_program(uint32_t address, const uint8_t *want)
{
    uint32_t n = flash_kind->unit;
    uint8_t *at = &cells[address - CELLS_BASE];
    enum flash_fault fault = state.fault;

    cells_counts.programs++;
    MODEL_RULE(address % n == 0, "0x%08x is no place to program", address);
    MODEL_RULE(allowed(address, n), "a program at 0x%08x, not ours", address);
    MODEL_RULE(!used[unit_of(address)] && is_erased(at, n),
               "a second program at 0x%08x", address);
    if (is_cut()) {
        tear_program(at, want, unit_of(address));
        state.gone();
    }
    take(0);
    state.fault = FAULT_NONE;
    if (fault == FAULT_REFUSED) {
        return false;
    }
    if (fault == FAULT_SILENT && !is_erased(want, n)) {
        tear_program(at, want, unit_of(address));
        at[0] = (uint8_t)~want[0];
        return true;
    }
    program(address, want);
    return true;
}

/* --- erasing ------------------------------------------------------------------ */

/* Of each unit the old, the erased, or something. */
static void tear_erase(uint32_t from, uint32_t size)
{
    unsigned part = model_random(5);

    for (uint32_t at = from; at < from + size; at += flash_kind->unit) {
        unsigned way = part < 4 ? part : model_random(4);

        for (uint32_t i = 0; i < flash_kind->unit; i++) {
            uint8_t *cell = &cells[at + i - CELLS_BASE];

            *cell |= way == 0   ? 0xff
                     : way == 1 ? 0
                                : (uint8_t)model_random(256);
        }
        wrong[unit_of(at)] = flash_kind->ecc && way > 1 && !model_chance(20)
                                 ? (uint8_t)(1 + model_random(2))
                                 : 0;
        used[unit_of(at)] =
            1; /* an erase that was cut off has to be done again */
    }
    cells_counts.torn++;
}

bool cells_erase(unsigned sector)
{
    uint32_t size, from = cells_sector(sector, &size);
    enum flash_fault fault = state.fault;

    cells_counts.erases++;
    MODEL_RULE(allowed(from, size), "an erase of sector %u, not ours", sector);
    if (is_cut()) {
        tear_erase(from, size);
        state.gone();
    }
    take(100 + model_random(3900));
    state.fault = FAULT_NONE;
    if (fault == FAULT_REFUSED) {
        return false;
    }
    memset(&cells[from - CELLS_BASE], 0xff, size);
    memset(&used[unit_of(from)], 0, size / flash_kind->unit);
    memset(&wrong[unit_of(from)], 0, size / flash_kind->unit);
    if (fault == FAULT_SILENT) {
        cells[from - CELLS_BASE + model_random(4096)] = 0xfe;
    }
    return true;
}
