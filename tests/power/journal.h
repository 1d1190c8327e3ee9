/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the bytes of a device were before each change, so that changes can be
 * taken back: all of them, back to a mark, for an experiment that is to leave
 * no trace; or any of them, for a device that had not yet written them down.
 */
#ifndef TINYMX_POWER_JOURNAL_H
#define TINYMX_POWER_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#define CELLS_MAX (768 * 1024)

/* Of each byte of a device: */
struct cells {
    uint8_t now[CELLS_MAX];
    uint8_t other[CELLS_MAX]; /* what else it may read as: BYTE_WAVERS */
    uint8_t state[CELLS_MAX]; /* enum byte_state */
};

/* An entry, as it lies in `buf`: now, other, state, and this behind them. */
struct journal_entry {
    uint32_t at, len;
};

struct journal {
    uint8_t *buf;
    size_t len, room;
};

/* Keeps what `len` cells from `at` on are. */
void journal_save(struct journal *j, const struct cells *cells, uint32_t at,
                  uint32_t len);

/* Makes of the cells what they were when the journal was so long. */
void journal_undo(struct journal *j, struct cells *cells, size_t to);

/* The entry that ends at `end`; returns where it begins, and so the one in front
 * of it ends. */
size_t journal_entry(const struct journal *j, size_t end,
                     struct journal_entry *entry);

/* What a cell of it was: puts it back into `cells`. */
void journal_put_back(const struct journal *j, size_t begin,
                      const struct journal_entry *entry, uint32_t at,
                      struct cells *cells);

#endif
