/* SPDX-License-Identifier: BSD-3-Clause */
#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_room(struct journal *j, size_t more)
{
    if (more > j->room - j->len) {
        j->room = 2 * j->room + more;
        j->buf = realloc(j->buf, j->room);
        if (j->buf == NULL) {
            fprintf(stderr, "no memory for a journal of %zu bytes\n", j->room);
            exit(2);
        }
    }
}

void journal_save(struct journal *j, const struct cells *cells, uint32_t at,
                  uint32_t len)
{
    struct journal_entry entry = {at, len};
    uint8_t *to;

    make_room(j, 3 * (size_t)len + sizeof entry);
    to = j->buf + j->len;
    memcpy(to, cells->now + at, len);
    memcpy(to + len, cells->other + at, len);
    memcpy(to + 2 * len, cells->state + at, len);
    memcpy(to + 3 * len, &entry, sizeof entry);
    j->len += 3 * (size_t)len + sizeof entry;
}

size_t journal_entry(const struct journal *j, size_t end,
                     struct journal_entry *entry)
{
    memcpy(entry, j->buf + end - sizeof *entry, sizeof *entry);
    return end - sizeof *entry - 3 * (size_t)entry->len;
}

void journal_undo(struct journal *j, struct cells *cells, size_t to)
{
    while (j->len > to) {
        struct journal_entry entry;
        size_t begin = journal_entry(j, j->len, &entry);
        const uint8_t *from = j->buf + begin;

        memcpy(cells->now + entry.at, from, entry.len);
        memcpy(cells->other + entry.at, from + entry.len, entry.len);
        memcpy(cells->state + entry.at, from + 2 * entry.len, entry.len);
        j->len = begin;
    }
}

void journal_put_back(const struct journal *j, size_t begin,
                      const struct journal_entry *entry, uint32_t at,
                      struct cells *cells)
{
    const uint8_t *from = j->buf + begin + (at - entry->at);

    cells->now[at] = from[0];
    cells->other[at] = from[entry->len];
    cells->state[at] = from[2 * entry->len];
}
