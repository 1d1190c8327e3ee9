/* SPDX-License-Identifier: BSD-3-Clause */
#include "medium.h"

#include "fuzz.h"

#include "tinymx/err.h"

#include <string.h>

struct medium medium;

/* clang-format off */
static const struct mx_block kinds[MEDIUM_KINDS] = {
    /* read, program, block, how many; programs over what is there */
    [MEDIUM_CARD]    = {.read_size = 512, .prog_size = 512, .block_size = 512,
                        .block_count = MEDIUM_SIZE / 512, .overwrite = true},
    [MEDIUM_NOR]     = {.read_size = 1, .prog_size = 256, .block_size = 4096,
                        .block_count = MEDIUM_SIZE / 4096},
    [MEDIUM_SECTORS] = {.read_size = 1, .prog_size = 32, .block_size = 16384,
                        .block_count = MEDIUM_SIZE / 16384},
};
/* clang-format on */

/* --- the rules ---------------------------------------------------------- */

static uint8_t *place(const struct mx_block *dev, uint32_t block, uint32_t off,
                      size_t len, uint32_t unit)
{
    FUZZ_CHECK(block < dev->block_count);
    FUZZ_CHECK(off <= dev->block_size && len <= dev->block_size - off);
    FUZZ_CHECK(len > 0 && off % unit == 0 && len % unit == 0);
    return medium.now.bytes + (size_t)block * dev->block_size + off;
}

/* True: it fails. */
static bool act(void)
{
    FUZZ_CHECK(++medium.calls <= MEDIUM_CALL_MAX);
    if (medium.fail_in == 0 || --medium.fail_in > 0) {
        return false;
    }
    medium.failed = true;
    return true;
}

static bool change(void)
{
    FUZZ_CHECK(!medium.read_only);
    return act();
}

static void program(const struct mx_block *dev, uint8_t *at,
                    const uint8_t *data, size_t len)
{
    bool *written = medium.now.written + (at - medium.now.bytes);

    for (size_t i = 0; i < len; i++) {
        FUZZ_CHECK(dev->overwrite || medium.trusting || !written[i]);
        at[i] = dev->overwrite || !written[i] ? data[i] : at[i] & data[i];
        written[i] = true;
    }
}

/* --- the operations ----------------------------------------------------- */

static int medium_read(struct mx_block *dev, uint32_t block, uint32_t off,
                       void *buf, size_t len)
{
    const uint8_t *at = place(dev, block, off, len, dev->read_size);

    if (act()) {
        return MX_EIO;
    }
    memcpy(buf, at, len);
    return 0;
}

static int medium_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                       const void *data, size_t len)
{
    uint8_t *at = place(dev, block, off, len, dev->prog_size);
    bool fails;

    if (medium.before != NULL) {
        medium.before(data);
    }
    fails = change();
    if (!fails || medium.fail_late) {
        program(dev, at, data, len);
    }
    return fails ? MX_EIO : 0;
}

static int medium_erase(struct mx_block *dev, uint32_t block)
{
    uint8_t *at = place(dev, block, 0, dev->block_size, 1);
    bool fails = change();

    FUZZ_CHECK(!dev->overwrite);
    if (!fails || medium.fail_late) {
        memset(at, 0xff, dev->block_size);
        memset(medium.now.written + (at - medium.now.bytes), 0,
               dev->block_size);
    }
    return fails ? MX_EIO : 0;
}

static int medium_sync(struct mx_block *dev)
{
    (void)dev;
    return change() ? MX_EIO : 0;
}

void medium_insert(enum medium_kind kind)
{
    medium.block = kinds[kind];
    medium.block.read = medium_read;
    medium.block.prog = medium_prog;
    medium.block.erase = medium_erase;
    medium.block.sync = medium_sync;
    medium.read_only = medium.trusting = false;
    medium.fail_in = 0;
    medium.fail_late = medium.failed = false;
    medium.before = NULL;
}

void medium_call(void)
{
    medium.calls = 0;
}
