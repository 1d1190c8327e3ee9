/* SPDX-License-Identifier: BSD-3-Clause */
/* The simulated device is as strict as tinymx/block.h, and as unkind. */
#include "device.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define LEN 512
#define SEEDS 20

static struct device device;
static uint8_t old[LEN], new[LEN], got[LEN];
static jmp_buf stopped;

static void broken(struct device *dev, const char *rule)
{
    (void)dev;
    (void)rule;
    longjmp(stopped, 1);
}

static const struct geometry *geometry(const char *name)
{
    const struct geometry *g = geometries;

    while (strcmp(g->name, name) != 0) {
        g++;
    }
    return g;
}

static void fresh(const struct geometry *g, uint64_t seed)
{
    device_open(&device, g, seed);
    device.broken = broken;
    memset(old, 0x0f, sizeof old);
    memset(new, 0x3c, sizeof new);
}

static int prog(uint32_t block, uint32_t off, const void *data, size_t len)
{
    return device.block.prog(&device.block, block, off, data, len);
}

static int read_at(uint32_t block, uint32_t off, size_t len)
{
    return device.block.read(&device.block, block, off, got, len);
}

static void sync(void)
{
    assert_int_equal(device.block.sync(&device.block), 0);
}

/* Is a call of this kind stopped? */
static bool stops(enum operation_kind kind, uint32_t block, uint32_t off,
                  size_t len)
{
    if (setjmp(stopped) != 0) {
        return true;
    }
    if (kind == PROGRAM) {
        (void)prog(block, off, new, len);
    } else {
        (void)device.block.erase(&device.block, block);
    }
    return false;
}

static bool reading_stops(uint32_t block, uint32_t off, size_t len)
{
    if (setjmp(stopped) != 0) {
        return true;
    }
    (void)read_at(block, off, len);
    return false;
}

#define FOR_GEOMETRIES(g)                                                      \
    for (const struct geometry *g = geometries; g->name != NULL; g++)

static struct operation page(uint32_t at)
{
    return (struct operation){PROGRAM, at, LEN, new};
}

/* --- rules --------------------------------------------------------------- */

static void stops_who_breaks_a_rule(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        const struct mx_block *b = &device.block;

        fresh(g, 1);
        assert_true(reading_stops(b->block_count, 0, LEN));
        assert_true(reading_stops(0, b->block_size, LEN));
        assert_true(stops(PROGRAM, b->block_count, 0, LEN));
        assert_true(
            stops(PROGRAM, 0, b->block_size - b->prog_size, 2 * b->prog_size));
        if (b->prog_size > 1) {
            assert_true(stops(PROGRAM, 0, b->prog_size / 2, b->prog_size));
            assert_true(stops(PROGRAM, 0, 0, b->prog_size / 2));
        }
        if (b->read_size > 1) {
            assert_true(reading_stops(0, 0, b->read_size / 2));
        }
        assert_int_equal(prog(0, 0, new, LEN), 0);
        if (!b->overwrite) {
            assert_true(stops(PROGRAM, 0, 0, LEN));
            assert_true(stops(ERASE, b->block_count, 0, 0));
            assert_int_equal(b->erase(&device.block, 0), 0);
        }
        assert_int_equal(prog(0, 0, new, LEN), 0);
    }
}

/* --- the operation in which the power goes -------------------------------- */

/* old, then new, in one page; what is beside it is `old` too. */
static void cut_in_page(const struct geometry *g, uint64_t seed, enum torn torn)
{
    struct operation op = page(LEN);

    fresh(g, seed);
    assert_int_equal(
        prog(LEN / g->block.block_size, LEN % g->block.block_size, old, LEN),
        0);
    if (!g->block.overwrite) {
        assert_int_equal(device.block.erase(&device.block, 0), 0);
        memset(old, g->erased, sizeof old);
    }
    sync();
    device_outage(&device, &op, torn, LOSS_ALL);
}

static int look(const struct geometry *g)
{
    return read_at(LEN / g->block.block_size, LEN % g->block.block_size, LEN);
}

static bool is(const uint8_t *want)
{
    return memcmp(got, want, LEN) == 0;
}

static void cut_is_torn_as_told(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            cut_in_page(g, seed, TORN_OLD);
            assert_int_equal(look(g), 0);
            assert_true(is(old));
            cut_in_page(g, seed, TORN_NEW);
            assert_int_equal(look(g), 0);
            assert_true(is(new));
            cut_in_page(g, seed, TORN_FRONT);
            assert_int_equal(look(g), 0);
            assert_int_equal(got[0], new[0]);
            cut_in_page(g, seed, TORN_BACK);
            assert_int_equal(look(g), 0);
            assert_int_equal(got[0], old[0]);
            cut_in_page(g, seed, TORN_UNREADABLE);
            assert_int_equal(look(g), MX_EIO);
        }
    }
}

static void cut_may_read_differently(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint8_t first[LEN];
        unsigned news = 0;

        cut_in_page(g, 1, TORN_NOISE);
        assert_int_equal(look(g), 0);
        memcpy(first, got, LEN);
        assert_int_equal(look(g), 0);
        assert_false(is(first));
        cut_in_page(g, 1, TORN_WAVERS);
        for (int i = 0; i < 100; i++) {
            assert_int_equal(look(g), 0);
            assert_true(is(old) || is(new));
            news += is(new);
        }
        assert_in_range(news, 1, 99);
    }
}

/* Bytes that no call named are never touched. */
static void cut_leaves_others_alone(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        for (int torn = 0; torn < TORN_WAYS; torn++) {
            uint8_t others[2][LEN];

            cut_in_page(g, 3, (enum torn)torn);
            memcpy(others[0], device.cells.now, LEN);
            memcpy(others[1], device.cells.now + 2 * LEN, LEN);
            cut_in_page(g, 3, TORN_OLD);
            assert_memory_equal(others[0], device.cells.now, LEN);
            assert_memory_equal(others[1], device.cells.now + 2 * LEN, LEN);
        }
    }
}

/* A program that left no trace may be made again; an erase that was cut off
 * leaves nothing that may be programmed. */
static void cut_says_what_may_be_programmed(void **state)
{
    const struct geometry *g = geometry("nor-256-4096");
    struct operation erase = {ERASE, 0, 4096, NULL};

    (void)state;
    cut_in_page(g, 1, TORN_OLD);
    assert_int_equal(prog(0, LEN, new, LEN), 0);
    cut_in_page(g, 1, TORN_GARBAGE);
    assert_true(stops(PROGRAM, 0, LEN, LEN));
    for (int torn = 0; torn < TORN_WAYS; torn++) {
        fresh(g, 1);
        device_outage(&device, &erase, (enum torn)torn, LOSS_NONE);
        assert_true(stops(PROGRAM, 0, 0, LEN));
        assert_int_equal(device.block.erase(&device.block, 0), 0);
        assert_int_equal(prog(0, 0, new, LEN), 0);
        assert_int_equal(read_at(0, 0, LEN), 0);
        assert_true(is(new));
    }
}

/* --- what was not synced --------------------------------------------------- */

/* Four pages, the first two synced: which are new afterwards? */
static unsigned news_after(const struct geometry *g, uint64_t seed,
                           enum loss loss)
{
    struct operation idle = {.kind = SYNC};
    unsigned mask = 0;

    fresh(g, seed);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t at = i * LEN;

        assert_int_equal(
            prog(at / g->block.block_size, at % g->block.block_size, new, LEN),
            0);
        if (i == 1) {
            sync();
        }
    }
    device_outage(&device, &idle, TORN_OLD, loss);
    for (unsigned i = 0; i < 4; i++) {
        if (memcmp(device.cells.now + i * LEN, new, LEN) == 0) {
            mask |= 1u << i;
        }
    }
    return mask;
}

static void loses_what_was_not_synced(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        bool seen[16] = {false};

        assert_int_equal(news_after(g, 1, LOSS_NONE), 15);
        assert_int_equal(news_after(g, 1, LOSS_ALL), 3);
        for (uint64_t seed = 1; seed <= 64; seed++) {
            seen[news_after(g, seed, LOSS_CALLS)] = true;
            assert_int_equal(news_after(g, seed, LOSS_PARTS) & 3, 3);
        }
        for (unsigned i = 0; i < 16; i++) {
            assert_int_equal(seen[i], (i & 3) == 3);
        }
    }
}

/* --- time travel ----------------------------------------------------------- */

static void goes_back(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        static struct cells before;

        for (int torn = 0; torn < TORN_WAYS; torn++) {
            struct device_mark mark;
            struct operation op = page(0);

            fresh(g, 1);
            assert_int_equal(prog(0, 0, old, LEN), 0);
            memcpy(&before, &device.cells, sizeof before);
            mark = device_mark(&device);
            device_outage(&device, &op, (enum torn)torn, LOSS_PARTS);
            sync();
            device_go_back(&device, &mark);
            assert_memory_equal(&before.now, &device.cells.now,
                                sizeof before.now);
            assert_memory_equal(&before.state, &device.cells.state,
                                sizeof before.state);
            device_outage(&device, &(struct operation){.kind = SYNC}, TORN_OLD,
                          LOSS_ALL);
            assert_int_equal(device.cells.now[0], g->erased);
        }
    }
}

/* --- failures --------------------------------------------------------------- */

static void fails_when_told(void **state)
{
    (void)state;
    fresh(geometry("nor-256-4096"), 1);
    device.fail_in = 2;
    assert_int_equal(prog(0, 0, new, LEN), 0);
    assert_int_equal(prog(0, LEN, new, LEN), MX_EIO);
    assert_int_equal(prog(0, 2 * LEN, new, LEN), 0);
    device.bad[1] = true;
    assert_int_equal(device.block.erase(&device.block, 1), MX_EIO);
    assert_int_equal(device.block.erase(&device.block, 1), MX_EIO);
    assert_int_equal(device.block.erase(&device.block, 2), 0);
    assert_int_equal(device.wear[1], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_who_breaks_a_rule),
        cmocka_unit_test(cut_is_torn_as_told),
        cmocka_unit_test(cut_may_read_differently),
        cmocka_unit_test(cut_leaves_others_alone),
        cmocka_unit_test(cut_says_what_may_be_programmed),
        cmocka_unit_test(loses_what_was_not_synced),
        cmocka_unit_test(goes_back),
        cmocka_unit_test(fails_when_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
