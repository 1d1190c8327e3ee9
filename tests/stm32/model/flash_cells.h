/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The flash of a chip: 2 MB of cells behind 0x08000000, and what becomes of them.
 * The registers in front of them are flash_if_f4f7.c or flash_if_h7.c.
 *
 *     cells_new("f429");           from the factory: all of it erased
 *     model_begin(seed);
 *     cells_on();                  the power comes: registers as after a reset
 *     cells_allow(from, to);       operations anywhere else break a rule
 *     cells_fault(FAULT_...);      of the next operation
 *     cells_cut(n, f);             in the n-th one the power goes: f() leaves
 */
#ifndef TINYMX_TEST_STM32_FLASH_CELLS_H
#define TINYMX_TEST_STM32_FLASH_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum flash_fault {
    FAULT_NONE,
    FAULT_REFUSED, /* an error bit, and nothing happened */
    FAULT_SILENT, /* no error bit, and some bits are not what they were to be */
    FAULT_STUCK,  /* busy for ever */
    FAULT_KEYS,   /* somebody wrote wrong keys: locked until the next reset */
    FAULTS
};

void cells_new(const char *chip);
void cells_on(void);
void cells_allow(uint32_t from, uint32_t to);
void cells_fault(enum flash_fault fault);
void cells_cut(uint32_t operations, void (*gone)(void));

/* Where a sector begins; its size. */
uint32_t cells_sector(unsigned sector, uint32_t *size);

/* What is there, whatever a cache says. */
const uint8_t *cells_at(uint32_t address);

/* Can the bytes be told, by their ECC? */
bool cells_readable(uint32_t address, size_t len);

/* Registers say that they are locked, and nothing is going on. */
bool cells_quiet(void);

struct cells_counts {
    uint64_t programs, erases, torn, stale, unreadable;
};
extern struct cells_counts cells_counts;

/* Milliseconds since the test began; going on while somebody asks. */
uint32_t cells_now_ms(void);

/* --- to the registers ------------------------------------------------------ */

#define CELLS_BASE 0x08000000u
#define CELLS_SIZE 0x200000u

/* Words that are programmed at once, have one ECC, and count as one. */
struct flash_kind {
    const char *chip;
    uint32_t unit;
    uint32_t size;
    bool ecc;
    const uint16_t *kb; /* of the sectors, until a 0 */
};
extern const struct flash_kind *flash_kind;

/* Programs a unit, erases a sector: what is left, for how long it is busy, and
 * false if it is to be refused. */
bool cells_program(uint32_t address, const uint8_t *unit);
bool cells_erase(unsigned sector);
bool cells_busy(void);
bool cells_locked_out(void); /* FAULT_KEYS */

uint32_t cells_word(uint32_t address);

/* Two wrong bits, or one, in the unit at an address. */
unsigned cells_wrong(uint32_t address);

/* Of flash_if_*.c: after a reset; nothing going on and locked. */
void flash_if_on(void);
bool flash_if_quiet(void);
uint32_t flash_if_rd_memory(uint32_t off);
void flash_if_wr_memory(uint32_t off, uint32_t value);

#endif
