/* SPDX-License-Identifier: BSD-3-Clause */
/* What the power leaves behind when it goes. */
#include "device.h"

#include <string.h>

const char *const torn_names[TORN_WAYS] = {
    "old",     "new",   "front",      "back",   "bits",
    "garbage", "noise", "unreadable", "wavers",
};

const char *const loss_names[LOSSES] = {"none", "all", "calls", "parts"};

/* --- what was not synced ------------------------------------------------ */

/* Puts back what was there before an operation, as far as nothing newer than
 * that has stayed. */
static void lose(struct device *dev, size_t begin,
                 const struct journal_entry *entry, enum loss loss)
{
    const uint32_t unit = dev->block.prog_size;
    bool all = loss == LOSS_ALL || chance_permille(&dev->chance, 500);

    journal_save(&dev->journal, &dev->cells, entry->at, entry->len);
    for (uint32_t at = entry->at; at < entry->at + entry->len; at++) {
        if (loss == LOSS_PARTS && at % unit == 0) {
            all = chance_permille(&dev->chance, 500);
        }
        if (dev->settled[at] == dev->outages) {
            continue;
        }
        if (all) {
            journal_put_back(&dev->journal, begin, entry, at, &dev->cells);
        } else {
            dev->settled[at] = dev->outages;
        }
    }
}

static void lose_unsynced(struct device *dev, enum loss loss)
{
    size_t end = dev->journal.len;

    dev->outages++;
    while (loss != LOSS_NONE && end > dev->synced) {
        struct journal_entry entry;
        size_t begin = journal_entry(&dev->journal, end, &entry);

        lose(dev, begin, &entry, loss);
        end = begin;
    }
}

/* --- the operation itself ----------------------------------------------- */

/* The bytes [from, to) become new ones. */
static void half(struct device *dev, const struct operation *op,
                 const uint8_t *new, uint32_t from, uint32_t to)
{
    memcpy(dev->cells.now + op->at + from, new + from, to - from);
}

static void bits(struct device *dev, const struct operation *op,
                 const uint8_t *new)
{
    uint8_t *now = dev->cells.now + op->at;

    for (uint32_t i = 0; i < op->len; i++) {
        uint8_t turned = (uint8_t)chance_next(&dev->chance);

        now[i] = (uint8_t)((now[i] & ~turned) | (new[i] & turned));
    }
}

/* Bytes that look as if nothing had happened may be programmed once more; but
 * only of a program, and where they were erased. An erase that was cut off has
 * to be done again, whatever it looks like. */
static void set_states(struct device *dev, const struct operation *op)
{
    const uint32_t unit = dev->block.prog_size;
    struct cells *c = &dev->cells;

    for (uint32_t at = op->at; at < op->at + op->len; at += unit) {
        bool untouched = op->kind == PROGRAM;

        for (uint32_t i = at; i < at + unit; i++) {
            untouched = untouched && c->state[i] == BYTE_ERASED &&
                        c->now[i] == dev->geometry->erased;
        }
        memset(c->state + at, untouched ? BYTE_ERASED : BYTE_WRITTEN, unit);
    }
}

static void leave(struct device *dev, const struct operation *op,
                  const uint8_t *new, enum torn torn)
{
    static const uint8_t odd[TORN_WAYS] = {
        [TORN_WAVERS] = BYTE_WAVERS,
        [TORN_NOISE] = BYTE_NOISE,
        [TORN_UNREADABLE] = BYTE_UNREADABLE,
    };
    struct cells *c = &dev->cells;
    uint32_t cut = (uint32_t)chance_between(&dev->chance, 1, op->len);

    memcpy(c->other + op->at, c->now + op->at, op->len);
    switch (torn) {
    case TORN_NEW:
    case TORN_WAVERS:
        half(dev, op, new, 0, op->len);
        break;
    case TORN_FRONT:
        half(dev, op, new, 0, cut);
        break;
    case TORN_BACK:
        half(dev, op, new, cut, op->len);
        break;
    case TORN_BITS:
        bits(dev, op, new);
        break;
    case TORN_GARBAGE:
        chance_fill(&dev->chance, c->now + op->at, op->len);
        break;
    default:
        break;
    }
    if (odd[torn] == 0) {
        set_states(dev, op);
    } else if (torn == TORN_WAVERS && op->kind == PROGRAM &&
               !dev->block.overwrite && c->state[op->at] <= BYTE_UNSURE &&
               c->state[op->at] != BYTE_WRITTEN) {
        memset(c->state + op->at, BYTE_UNSURE, op->len);
    } else {
        memset(c->state + op->at, odd[torn], op->len);
    }
}

void device_tear(struct device *dev, const struct operation *op, enum torn torn)
{
    static uint8_t blank[CELLS_MAX];

    if (op->kind == SYNC) {
        return;
    }
    journal_save(&dev->journal, &dev->cells, op->at, op->len);
    if (op->kind == ERASE) {
        memset(blank, dev->geometry->erased, op->len);
    }
    leave(dev, op, op->kind == ERASE ? blank : op->data, torn);
}

void device_outage(struct device *dev, const struct operation *op,
                   enum torn torn, enum loss loss)
{
    lose_unsynced(dev, loss);
    device_tear(dev, op, torn);
    dev->synced = dev->journal.len; /* what is there now, stays */
}
