/* SPDX-License-Identifier: BSD-3-Clause */
/* What was written into the identity store is in it, whatever rots. */
#include "block_ram.h"

#include "tinymx/err.h"
#include "tinymx/idstore.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define CHAIN_MAX 2000
#define FILL 0x5a

static struct block_ram ram;
static struct mx_idstore store;
static uint8_t page[512];
static uint32_t first, blocks;

/* --- contents --------------------------------------------------------------- */

static const struct contents {
    size_t len[MX_ID_PARTS];
} contents[] = {
    {{121, 520, 0}}, {{121, 520, 121}},       {{0, 0, 0}},
    {{1, 1, 1}},     {{128, CHAIN_MAX, 128}}, {{0, 0, 121}},
    {{121, 0, 0}},   {{64, 192, 256}}, /* end with a page */
};

#define CONTENTS (sizeof contents / sizeof *contents)

static uint8_t text[MX_ID_PARTS][CHAIN_MAX];

static uint8_t byte_of(uint32_t seed, uint32_t i)
{
    uint32_t n = (seed * 2654435769u) ^ (i * 2246822519u);

    n = (n ^ n >> 15) * 739982445u;
    return (uint8_t)(n >> 24);
}

/* Of every contents bytes of their own. */
static void make(const struct contents *c, unsigned seed,
                 struct mx_span part[MX_ID_PARTS])
{
    for (size_t p = 0; p < MX_ID_PARTS; p++) {
        for (size_t i = 0; i < c->len[p]; i++) {
            text[p][i] = byte_of(seed * 8 + (uint32_t)p, (uint32_t)i);
        }
        part[p] = (struct mx_span){(const char *)text[p], c->len[p]};
    }
}

static int write_one(const struct contents *c, unsigned seed)
{
    struct mx_span part[MX_ID_PARTS];

    make(c, seed, part);
    return mx_idstore_write(&store, part, page);
}

static void assert_is(const struct contents *c, unsigned seed)
{
    struct mx_span part[MX_ID_PARTS];
    uint8_t got[CHAIN_MAX];

    make(c, seed, part);
    for (unsigned p = 0; p < MX_ID_PARTS; p++) {
        assert_int_equal(mx_idstore_len(&store, (enum mx_id_part)p),
                         part[p].len);
        assert_int_equal(mx_idstore_read(&store, (enum mx_id_part)p, got, page),
                         0);
        assert_memory_equal(got, part[p].ptr, part[p].len);
    }
}

static int mount(void)
{
    return mx_idstore_mount(&store, &ram.block, first, blocks, page);
}

/* --- a device ---------------------------------------------------------------- */

static void fresh(const struct mx_block *geometry)
{
    block_ram_init(&ram, geometry, FILL);
    blocks = mx_idstore_blocks(&ram.block, CHAIN_MAX);
    first = ram.block.block_count - blocks - 1;
    assert_true(mx_idstore_page(&ram.block) <= sizeof page);
    assert_int_equal(mount(), 0);
}

static size_t slot_at(unsigned slot)
{
    return (size_t)(first + slot * (blocks / 2)) * ram.block.block_size;
}

static size_t parts_at(unsigned slot)
{
    return slot_at(slot) + 4 * mx_idstore_page(&ram.block);
}

#define FOR_GEOMETRIES(g)                                                      \
    for (const struct mx_block *g = block_ram_geometry; g->block_size != 0; g++)

/* --- tests ------------------------------------------------------------------- */

static void is_empty_at_first(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        assert_true(store.empty);
        assert_is(&(struct contents){{0, 0, 0}}, 0);
        assert_int_equal(ram.count, 0);
    }
}

static void keeps_what_is_written(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        for (unsigned i = 0; i < 3 * CONTENTS; i++) {
            assert_int_equal(write_one(&contents[i % CONTENTS], i), 0);
            assert_is(&contents[i % CONTENTS], i);
            assert_int_equal(mount(), 0);
            assert_false(store.empty);
            assert_is(&contents[i % CONTENTS], i);
        }
    }
}

static void mount_of_a_whole_one_changes_nothing(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned count;

        fresh(g);
        assert_int_equal(write_one(&contents[1], 1), 0);
        count = ram.count;
        assert_int_equal(mount(), 0);
        assert_int_equal(ram.count, count);
    }
}

static void touches_its_blocks_only(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        size_t size = (size_t)g->block_size * g->block_count;

        fresh(g);
        assert_int_equal(write_one(&contents[4], 1), 0);
        for (size_t i = 0; i < size; i++) {
            bool inside = i >= slot_at(0) && i < slot_at(2);

            assert_true(inside || ram.now[i] == FILL);
        }
    }
}

static bool holds(const uint8_t *what, size_t len)
{
    for (size_t i = 0; i + len <= sizeof ram.now; i++) {
        if (memcmp(ram.now + i, what, len) == 0) {
            return true;
        }
    }
    return false;
}

static void forgets_keys(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_span part[MX_ID_PARTS];

        fresh(g);
        assert_int_equal(write_one(&contents[1], 1), 0);
        assert_int_equal(write_one(&contents[0], 2), 0);
        make(&contents[1], 1, part);
        assert_false(holds(text[MX_ID_KEY], 16));
        assert_false(holds(text[MX_ID_NEXT_KEY], 16));
        make(&contents[0], 2, part);
        assert_true(holds(text[MX_ID_KEY], 121));
        assert_false(memcmp(page, text[MX_ID_KEY], 16) == 0);
    }
}

static void refuses_what_has_no_room(void **state)
{
    struct mx_span part[MX_ID_PARTS] = {{(const char *)text, 0x10000}};

    (void)state;
    FOR_GEOMETRIES(g)
    {
        size_t room;

        fresh(g);
        assert_int_equal(write_one(&contents[0], 1), 0);
        part[0].len = 0x10000;
        assert_int_equal(mx_idstore_write(&store, part, page), MX_E2BIG);
        room = slot_at(1) - parts_at(0);
        part[0].len = room + 1;
        assert_int_equal(mx_idstore_write(&store, part, page), MX_E2BIG);
        assert_is(&contents[0], 1);
        assert_int_equal(
            mx_idstore_mount(&store, &ram.block, g->block_count, 2, page),
            MX_ENOSPC);
        assert_int_equal(mx_idstore_mount(&store, &ram.block, 0, 1, page),
                         MX_ENOSPC);
    }
}

/* Every bit that rots, in one slot, costs nothing: before the mount or after. */
static void survives_rot_of_a_slot(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        static struct block_ram whole;

        fresh(g);
        assert_int_equal(write_one(&contents[1], 9), 0);
        whole = ram;
        for (unsigned slot = 0; slot < 2; slot++) {
            size_t end = parts_at(slot) + 121 + 520 + 121;

            for (size_t at = slot_at(slot); at < end; at += 3) {
                ram = whole;
                assert_int_equal(mount(), 0);
                ram.now[at] ^= (uint8_t)(1u << at % 8);
                assert_is(&contents[1], 9);
                assert_int_equal(mount(), 0);
                assert_is(&contents[1], 9);
            }
        }
    }
}

/* And is mended by the mount. */
static void mends_a_slot(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        for (unsigned slot = 0; slot < 2; slot++) {
            fresh(g);
            assert_int_equal(write_one(&contents[1], 9), 0);
            ram.now[parts_at(slot) + 5] ^= 1;
            assert_int_equal(mount(), 0);
            ram.now[parts_at(1 - slot) + 5] ^= 1;
            assert_int_equal(mount(), 0);
            assert_is(&contents[1], 9);
        }
    }
}

static void rot_of_both_is_empty(void **state)
{
    uint8_t got[CHAIN_MAX];

    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        assert_int_equal(write_one(&contents[1], 9), 0);
        ram.now[parts_at(0) + 5] ^= 1;
        ram.now[parts_at(1) + 50] ^= 1;
        assert_int_equal(mx_idstore_read(&store, MX_ID_KEY, got, page),
                         MX_EFORMAT);
        assert_int_equal(mx_idstore_read(&store, MX_ID_NEXT_KEY, got, page), 0);
        assert_int_equal(mount(), 0);
        assert_true(store.empty);
        assert_int_equal(write_one(&contents[0], 3), 0);
        assert_int_equal(mount(), 0);
        assert_is(&contents[0], 3);
    }
}

static void says_what_cannot_be_read(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        assert_int_equal(write_one(&contents[1], 9), 0);
        memset(ram.state, UNIT_UNREADABLE, sizeof ram.state);
        assert_int_equal(mount(), MX_EIO);
    }
}

static void leaves_a_newer_version_alone(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        for (unsigned slot = 0; slot < 2; slot++) {
            uint8_t *head;

            fresh(g);
            assert_int_equal(write_one(&contents[1], 9), 0);
            ram.count = 0;
            head = ram.now + slot_at(slot);
            le_put16(head + 8, 2);
            le_put32(head + 60, crc32c(0, head, 60));
            assert_int_equal(mount(), MX_ENOTSUP);
            assert_int_equal(ram.count, 0);
        }
    }
}

/* The power went before the slot with the old was replaced: the newer counts. */
static void counter_wraps(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        store.counter = UINT32_MAX - 3;
        for (unsigned i = 0; i < 8; i++) {
            static struct block_ram old;

            /* The slot that the copy is to replace is as before. */
            old = ram;
            assert_int_equal(write_one(&contents[0], i), 0);
            memcpy(ram.now + slot_at(1 - store.slot),
                   old.now + slot_at(1 - store.slot), slot_at(1) - slot_at(0));
            assert_int_equal(mount(), 0);
            assert_is(&contents[0], i);
        }
    }
}

/* Any one operation fails: old, or, where it is said to be done, new; now and
 * after the next mount; and the next change works. */
static void survives_a_failure(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned count = 1;

        for (unsigned at = 1; at <= count; at++) {
            unsigned seed;

            fresh(g);
            assert_int_equal(write_one(&contents[1], 1), 0);
            ram.count = 0;
            ram.fail_at = at;
            seed = write_one(&contents[1], 2) == 0 ? 2 : 1;
            count = ram.count > count ? ram.count : count;
            assert_is(&contents[1], seed);
            assert_int_equal(mount(), 0);
            assert_is(&contents[1], seed);
            ram.fail_at = 0;
            assert_int_equal(write_one(&contents[4], 3), 0);
            assert_int_equal(mount(), 0);
            assert_is(&contents[4], 3);
        }
        assert_true(count > 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_empty_at_first),
        cmocka_unit_test(keeps_what_is_written),
        cmocka_unit_test(mount_of_a_whole_one_changes_nothing),
        cmocka_unit_test(touches_its_blocks_only),
        cmocka_unit_test(forgets_keys),
        cmocka_unit_test(refuses_what_has_no_room),
        cmocka_unit_test(survives_rot_of_a_slot),
        cmocka_unit_test(mends_a_slot),
        cmocka_unit_test(rot_of_both_is_empty),
        cmocka_unit_test(says_what_cannot_be_read),
        cmocka_unit_test(leaves_a_newer_version_alone),
        cmocka_unit_test(counter_wraps),
        cmocka_unit_test(survives_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
