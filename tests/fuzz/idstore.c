/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An identity store as somebody else left it. The input changes a good one:
 *
 *     device, flags, operation that fails; then: where (2 bytes), a byte
 *
 * Heads can have their check sums made right again. Nothing is read or
 * programmed but by the rules of tinymx/block.h and in the store's blocks; what
 * is found can be read, and a change works.
 */
#include "fuzz.h"
#include "medium.h"

#include "tinymx/err.h"
#include "tinymx/idstore.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

#define CHAIN_MAX 1500
#define HEAD_CRC 60
#define F_SEAL 1

static struct mx_idstore store;
static uint8_t page[MEDIUM_PAGE];
static uint32_t first, blocks;

static const struct mx_span parts[MX_ID_PARTS] = {
    {"a key", 5}, {"a chain of certificates", 23}, {"the next key", 12}};

static int mount(void)
{
    medium_call();
    return mx_idstore_mount(&store, &medium.block, first, blocks, page);
}

static void insert(uint8_t kind)
{
    memset(&medium.now, 0, sizeof medium.now);
    medium_insert((enum medium_kind)(kind % MEDIUM_KINDS));
    blocks = mx_idstore_blocks(&medium.block, CHAIN_MAX);
    first = medium.block.block_count - blocks;
    FUZZ_CHECK(mount() == 0 && store.empty);
    FUZZ_CHECK(mx_idstore_write(&store, parts, page) == 0);
}

static void damage(struct fuzz_in *in, bool seal)
{
    uint32_t slot = blocks / 2 * medium.block.block_size;
    uint8_t *area = medium.now.bytes + first * medium.block.block_size;

    while (in->left >= 3) {
        size_t at = (size_t)fuzz_u8(in) << 8 | fuzz_u8(in);

        area[at % 4096 % slot + (at >> 15) * slot] = fuzz_u8(in);
    }
    for (uint32_t i = 0; i < 2 && seal; i++) {
        uint8_t *head = area + i * slot;

        le_put32(head + HEAD_CRC, crc32c(0, head, HEAD_CRC));
    }
    /* What is said to be blank may not be. */
    medium.trusting = seal;
}

static void check_read(const struct mx_span want[MX_ID_PARTS])
{
    static uint8_t got[UINT16_MAX];

    for (unsigned p = 0; p < MX_ID_PARTS; p++) {
        size_t len = mx_idstore_len(&store, (enum mx_id_part)p);
        int rc = mx_idstore_read(&store, (enum mx_id_part)p, got, page);

        FUZZ_CHECK(rc == 0 || (rc == MX_EIO && medium.failed));
        FUZZ_CHECK(want == NULL || rc != 0 ||
                   (len == want[p].len &&
                    (len == 0 || memcmp(got, want[p].ptr, len) == 0)));
    }
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static const struct mx_span other[MX_ID_PARTS] = {{"another", 7}};
    struct fuzz_in in = fuzz_in(data, len);
    uint8_t flags, fails;
    int rc;

    insert(fuzz_u8(&in));
    flags = fuzz_u8(&in);
    fails = fuzz_u8(&in);
    damage(&in, (flags & F_SEAL) != 0);
    medium.fail_in = fails;
    rc = mount();
    FUZZ_CHECK(rc == 0 || rc == MX_ENOTSUP || (rc == MX_EIO && medium.failed));
    if (rc != 0) {
        fuzz_reached(mx_strerror(rc));
        return;
    }
    fuzz_reached(store.empty ? "empty" : "mounted");
    check_read((flags & F_SEAL) == 0 && !store.empty ? parts : NULL);
    medium.fail_in = 0;
    medium.failed = false;
    FUZZ_CHECK(mx_idstore_write(&store, other, page) == 0);
    check_read(other);
    FUZZ_CHECK(mount() == 0 && !store.empty);
    check_read(other);
    fuzz_reached("written");
}
