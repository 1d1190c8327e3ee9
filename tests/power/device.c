/* SPDX-License-Identifier: BSD-3-Clause */
#include "device.h"

#include "tinymx/err.h"

#include <string.h>

static struct device *device_of(struct mx_block *block)
{
    return (struct device *)block;
}

uint32_t device_size(const struct device *dev)
{
    return dev->block.block_size * dev->block.block_count;
}

/* --- the rules ---------------------------------------------------------- */

static void rule(struct device *dev, bool kept, const char *text)
{
    if (!kept) {
        dev->broken(dev, text);
    }
}

static uint32_t place(struct device *dev, uint32_t block, uint32_t off,
                      size_t len, uint32_t unit)
{
    const struct mx_block *b = &dev->block;

    rule(dev, block < b->block_count, "a block that does not exist");
    rule(dev, off <= b->block_size && len <= b->block_size - off,
         "past the end of a block");
    rule(dev, off % unit == 0 && len % unit == 0, "not aligned");
    return block * b->block_size + off;
}

/* --- reading ------------------------------------------------------------ */

static int read_odd(struct device *dev, uint32_t at, uint8_t *to, size_t len)
{
    const struct cells *c = &dev->cells;
    bool other = chance_permille(&dev->chance, 500);

    for (size_t i = 0; i < len; i++, at++) {
        switch (c->state[at]) {
        case BYTE_UNSURE:
        case BYTE_WAVERS:
            to[i] = other ? c->other[at] : c->now[at];
            break;
        case BYTE_NOISE:
            to[i] = (uint8_t)chance_next(&dev->chance);
            break;
        case BYTE_UNREADABLE:
            memset(to, 0xa5, len);
            return MX_EIO;
        default:
            to[i] = c->now[at];
        }
    }
    return 0;
}

/* Eight at a time: every byte that is read passes here. */
static bool any_odd(const uint8_t *state, size_t len)
{
    const uint64_t plain = BYTE_WRITTEN * UINT64_C(0x0101010101010101);
    uint64_t all = 0, some;
    size_t i = 0;

    for (; i + sizeof some <= len; i += sizeof some) {
        memcpy(&some, state + i, sizeof some);
        all |= some;
    }
    for (; i < len; i++) {
        all |= state[i];
    }
    return (all & ~plain) != 0;
}

static int device_read(struct mx_block *block, uint32_t index, uint32_t off,
                       void *buf, size_t len)
{
    struct device *dev = device_of(block);
    uint32_t at = place(dev, index, off, len, block->read_size);

    dev->counts.reads++;
    dev->counts.read += len;
    if (any_odd(dev->cells.state + at, len)) {
        return read_odd(dev, at, buf, len);
    }
    memcpy(buf, dev->cells.now + at, len);
    return 0;
}

/* --- programming and erasing -------------------------------------------- */

static void count(struct device *dev, const struct operation *op)
{
    switch (op->kind) {
    case PROGRAM:
        dev->counts.programs++;
        dev->counts.programmed += op->len;
        break;
    case ERASE:
        dev->counts.erases++;
        break;
    case SYNC:
        dev->counts.syncs++;
        break;
    }
    if (op->kind == (dev->block.overwrite ? PROGRAM : ERASE) &&
        dev->marks == 0) {
        dev->wear[op->at / dev->block.block_size]++;
    }
}

static void synced(struct device *dev)
{
    if (dev->marks == 0) {
        dev->journal.len = 0;
    }
    dev->synced = dev->journal.len;
}

static void erased(struct device *dev, const struct operation *op)
{
    struct cells *c = &dev->cells;

    if (!dev->block.overwrite) {
        memset(c->now + op->at, dev->geometry->erased, op->len);
        memset(c->state + op->at, BYTE_ERASED, op->len);
        return;
    }
    chance_fill(&dev->chance, c->now + op->at, op->len);
    memset(c->state + op->at, BYTE_WRITTEN, op->len);
}

void device_do(struct device *dev, const struct operation *op)
{
    struct cells *c = &dev->cells;

    if (op->kind == SYNC) {
        synced(dev);
        return;
    }
    journal_save(&dev->journal, c, op->at, op->len);
    if (op->kind == ERASE) {
        erased(dev, op);
        return;
    }
    memcpy(c->now + op->at, op->data, op->len);
    memset(c->state + op->at, BYTE_WRITTEN, op->len);
}

static bool fails(struct device *dev, const struct operation *op)
{
    bool now = dev->fail_in == 1;

    dev->fail_in -= dev->fail_in > 0;
    return now || chance_permille(&dev->chance, dev->fail_permille) ||
           (op->kind != SYNC && dev->bad[op->at / dev->block.block_size]);
}

static int act(struct device *dev, const struct operation *op)
{
    if (dev->before != NULL) {
        dev->before(dev, op);
    }
    count(dev, op);
    if (fails(dev, op)) {
        device_tear(dev, op,
                    (enum torn)chance_below(&dev->chance, dev->fail_ways));
        return MX_EIO;
    }
    device_do(dev, op);
    return 0;
}

static int device_prog(struct mx_block *block, uint32_t index, uint32_t off,
                       const void *data, size_t len)
{
    struct device *dev = device_of(block);
    uint32_t at = place(dev, index, off, len, block->prog_size);

    for (size_t i = 0; i < len && !block->overwrite; i++) {
        uint8_t byte = dev->cells.state[at + i];

        rule(dev, byte == BYTE_ERASED || byte == BYTE_UNSURE,
             "a program of bytes that are not erased");
    }
    return act(dev, &(struct operation){PROGRAM, at, (uint32_t)len, data});
}

static int device_erase(struct mx_block *block, uint32_t index)
{
    struct device *dev = device_of(block);
    uint32_t at = place(dev, index, 0, block->block_size, 1);

    return act(dev, &(struct operation){ERASE, at, block->block_size, NULL});
}

static int device_sync(struct mx_block *block)
{
    return act(device_of(block), &(struct operation){.kind = SYNC});
}

/* --- the device --------------------------------------------------------- */

void device_open(struct device *dev, const struct geometry *geometry,
                 uint64_t seed)
{
    struct journal journal = dev->journal;

    memset(dev, 0, sizeof *dev);
    dev->journal = journal;
    dev->journal.len = 0;
    dev->geometry = geometry;
    dev->block = geometry->block;
    dev->block.read = device_read;
    dev->block.prog = device_prog;
    dev->block.sync = device_sync;
    if (!dev->block.overwrite || geometry->hint) {
        dev->block.erase = device_erase;
    }
    dev->fail_ways = TORN_WAYS;
    dev->chance = chance_of(seed, "device");
    memset(dev->cells.now, geometry->erased, sizeof dev->cells.now);
    memset(dev->cells.state, dev->block.overwrite ? BYTE_WRITTEN : BYTE_ERASED,
           sizeof dev->cells.state);
}

struct device_mark device_mark(struct device *dev)
{
    dev->marks++;
    return (struct device_mark){dev->journal.len, dev->synced, dev->chance,
                                dev->counts};
}

void device_go_back(struct device *dev, const struct device_mark *mark)
{
    dev->marks--;
    journal_undo(&dev->journal, &dev->cells, mark->journal);
    dev->synced = mark->synced;
    dev->chance = mark->chance;
    dev->counts = mark->counts;
}

void device_rot(struct device *dev, uint32_t at, uint8_t mask)
{
    dev->cells.now[at] ^= mask;
}
