/* SPDX-License-Identifier: BSD-3-Clause */
/* A chip's flash is what tinymx/block.h says, whatever the chip does. */
#include "board_data.h"
#include "flash_cells.h"
#include "hw.h"
#include "model.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define SEEDS 100
#define OPERATIONS 40
#define LEN_MAX 512
#define SPAN 4096 /* bytes at the start of each block that are looked at */
#define BLOCKS_MAX 8

static struct flash_device dev;
static jmp_buf stopped;
static unsigned fatal;

uint32_t mx_port_now_ms(void)
{
    return cells_now_ms();
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    (void)file;
    (void)line;
    (void)what;
    fatal++;
    longjmp(stopped, 1);
}

static void gone(void)
{
    longjmp(stopped, 2);
}

/* --- one device --------------------------------------------------------------- */

static const struct flash_area *const areas[] = {&board_data.identity,
                                                 &board_data.spool};

static uint32_t first_of(const struct flash_area *area)
{
    uint32_t size;

    return cells_sector(area->first, &size);
}

static uint32_t behind(const struct flash_area *area)
{
    uint32_t size, last;

    last = cells_sector(area->first + area->count - 1u, &size);
    return last + size;
}

static void power_on(uint64_t seed, const struct flash_area *area)
{
    model_begin(seed);
    cells_on();
    cells_allow(first_of(area), behind(area));
    flash_open(&dev, board_data.flash, area);
}

static void fresh(uint64_t seed, const struct flash_area *area)
{
    cells_new(TEST_CHIP);
    power_on(seed, area);
}

static int prog(uint32_t block, uint32_t off, const void *data, size_t len)
{
    return dev.block.prog(&dev.block, block, off, data, len);
}

static int erase(uint32_t block)
{
    return dev.block.erase(&dev.block, block);
}

/* Does a call not come back? */
static bool leaves_prog(uint32_t block, uint32_t off, const void *data,
                        size_t len)
{
    if (setjmp(stopped) != 0) {
        return true;
    }
    (void)prog(block, off, data, len);
    return false;
}

static bool leaves_erase(uint32_t block)
{
    if (setjmp(stopped) != 0) {
        return true;
    }
    (void)erase(block);
    return false;
}

static int look(uint32_t block, uint32_t off, void *buf, size_t len)
{
    return dev.block.read(&dev.block, block, off, buf, len);
}

static void fill(uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        data[i] = (uint8_t)model_random(256);
    }
}

/* --- places --------------------------------------------------------------------- */

static void sectors_are_the_chips(void **state)
{
    uint32_t at = CELLS_BASE;

    (void)state;
    fresh(1, areas[0]);
    for (unsigned i = 0; at < CELLS_BASE + CELLS_SIZE; i++) {
        uint32_t size, address = cells_sector(i, &size);

        assert_int_equal(address, at);
        assert_int_equal(flash_address(board_data.flash, i), address);
        assert_int_equal(flash_size(board_data.flash, i), size);
        at += size;
    }
}

static void nothing_outside_of_an_area(void **state)
{
    static const uint8_t data[LEN_MAX];

    (void)state;
    for (int i = 0; i < 2; i++) {
        uint32_t count, size;

        fresh(1, areas[i]);
        count = dev.block.block_count;
        size = dev.block.block_size;
        fatal = 0;
        assert_true(leaves_prog(count, 0, data, 64));
        assert_true(leaves_prog(UINT32_MAX, 0, data, 64));
        assert_true(leaves_prog(0, size, data, 64));
        assert_true(leaves_prog(0, size - 32, data, 64));
        assert_true(leaves_prog(0, UINT32_MAX - 63, data, 64));
        assert_true(leaves_erase(count));
        assert_true(leaves_erase(UINT32_MAX));
        assert_int_equal(fatal, 7);
    }
}

/* --- what block.h says ------------------------------------------------------------ */

/* What has to be there, and where the next program goes. */
static struct {
    uint8_t bytes[BLOCKS_MAX][SPAN];
    uint32_t front[BLOCKS_MAX];
} shadow;

static void compare(void)
{
    uint32_t block = model_random(dev.block.block_count);
    uint32_t off = model_random(SPAN - LEN_MAX);
    uint32_t len = model_random(LEN_MAX);
    uint8_t got[LEN_MAX];

    assert_int_equal(look(block, off, got, len), 0);
    assert_memory_equal(got, &shadow.bytes[block][off], len);
}

static void change(void)
{
    uint32_t block = model_random(dev.block.block_count);
    uint32_t unit = dev.block.prog_size;
    uint32_t *front = &shadow.front[block];
    uint32_t len = unit * (1 + model_random(LEN_MAX / unit));
    uint8_t data[LEN_MAX + 3], *odd = data + model_random(4);

    if (model_chance(5) || len > SPAN - *front) {
        assert_int_equal(erase(block), 0);
        memset(shadow.bytes[block], 0xff, SPAN);
        *front = 0;
    } else {
        fill(odd, len);
        assert_int_equal(prog(block, *front, odd, len), 0);
        memcpy(&shadow.bytes[block][*front], odd, len);
        *front += len;
    }
    assert_true(cells_quiet());
}

static void reads_what_was_programmed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        fresh(seed, areas[seed % 2]);
        assert_true(dev.block.block_count <= BLOCKS_MAX);
        memset(shadow.bytes, 0xff, sizeof shadow.bytes);
        memset(shadow.front, 0, sizeof shadow.front);
        for (unsigned i = 0; i < OPERATIONS; i++) {
            compare();
            change();
            compare();
            assert_int_equal(dev.block.sync(&dev.block), 0);
        }
        assert_int_equal(dev.errors, 0);
    }
    assert_int_equal(cells_counts.stale, 0);
}

/* --- faults -------------------------------------------------------------------------- */

static void says_what_went_wrong(void **state)
{
    static const uint8_t data[LEN_MAX];

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        enum flash_fault fault = 1 + (enum flash_fault)(seed % (FAULTS - 1));
        bool erases = model_chance(2);
        uint32_t since;

        fresh(seed, areas[1]);
        cells_fault(fault);
        since = cells_now_ms();
        assert_int_equal(erases ? erase(1) : prog(1, 0, data, LEN_MAX), MX_EIO);
        assert_in_range(cells_now_ms() - since, 0, FLASH_CALL_MS + 200);
        assert_int_equal(dev.errors, 1);
        if (fault == FAULT_STUCK || fault == FAULT_KEYS) {
            assert_int_equal(prog(0, 0, data, 64), MX_EIO);
            assert_int_equal(dev.errors, 2);
            power_on(seed, areas[1]);
        }
        assert_true(cells_quiet());
        assert_int_equal(erase(1), 0);
        assert_int_equal(prog(1, 0, data, LEN_MAX), 0);
        assert_true(cells_quiet());
    }
    assert_non_null(strstr(hw_missed(0), "FLASH_SR"));
}

/* --- the power goes -------------------------------------------------------------------- */

/* What can be told is told as it is, and of what cannot that is said. */
static void look_at_what_is_there(uint32_t block)
{
    uint32_t address = first_of(areas[1]) + block * dev.block.block_size;
    uint8_t got[LEN_MAX];

    for (uint32_t at = 0; at < LEN_MAX; at += 32) {
        bool readable = cells_readable(address + at, 32);

        assert_int_equal(look(block, at, got, 32), readable ? 0 : MX_EIO);
        assert_int_equal(flash_readable(address + at, 32), readable);
        if (readable) {
            assert_memory_equal(got, cells_at(address + at), 32);
        }
    }
}

/* The instant is by the seed; a block that reads as erased may be programmed,
 * any block may be erased, and no read is a fault. */
static void survives_a_cut(void **state)
{
    static uint8_t data[LEN_MAX], got[LEN_MAX];

    (void)state;
    for (uint64_t seed = 1; seed <= 4 * SEEDS; seed++) {
        fresh(seed, areas[1]);
        fill(data, sizeof data);
        assert_int_equal(prog(2, 0, data, LEN_MAX), 0);
        cells_cut(1 + model_random(LEN_MAX / dev.block.prog_size), gone);
        assert_true(leaves_prog(1, 0, data, LEN_MAX));
        power_on(seed, areas[1]);
        look_at_what_is_there(1);
        cells_cut(1, gone);
        assert_true(leaves_erase(1));
        power_on(seed, areas[1]);
        look_at_what_is_there(1);
        assert_int_equal(erase(1), 0);
        assert_int_equal(prog(1, 0, data, LEN_MAX), 0);
        assert_int_equal(look(1, 0, got, LEN_MAX), 0);
        assert_memory_equal(got, data, LEN_MAX);
        assert_int_equal(look(2, 0, got, LEN_MAX), 0);
        assert_memory_equal(got, data, LEN_MAX);
    }
}

/* What was cut off and reads as if nothing had happened takes a program. */
static void erased_is_erased(void **state)
{
    static uint8_t data[32], got[32], erased[32];
    unsigned again = 0;

    (void)state;
    memset(erased, 0xff, sizeof erased);
    for (uint64_t seed = 1; seed <= 4 * SEEDS; seed++) {
        fresh(seed, areas[1]);
        memset(data, 0xff, sizeof data);
        data[0] = 0xfc;
        cells_cut(1, gone);
        assert_true(leaves_prog(0, 0, data, dev.block.prog_size));
        power_on(seed, areas[1]);
        if (look(0, 0, got, dev.block.prog_size) == 0 &&
            memcmp(got, erased, dev.block.prog_size) == 0) {
            fill(data, sizeof data);
            assert_int_equal(prog(0, 0, data, dev.block.prog_size), 0);
            assert_int_equal(look(0, 0, got, dev.block.prog_size), 0);
            assert_memory_equal(got, data, dev.block.prog_size);
            again++;
        }
    }
    assert_true(again > SEEDS / 2);
}

static int print(void **state)
{
    struct model_counts all = model_counts();

    (void)state;
    printf("%s: %llu rules, %llu accesses, %llu programs, %llu erases, %llu "
           "torn, %llu units unreadable\n",
           TEST_CHIP, (unsigned long long)all.rules,
           (unsigned long long)all.accesses,
           (unsigned long long)cells_counts.programs,
           (unsigned long long)cells_counts.erases,
           (unsigned long long)cells_counts.torn,
           (unsigned long long)cells_counts.unreadable);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sectors_are_the_chips),
        cmocka_unit_test(nothing_outside_of_an_area),
        cmocka_unit_test(reads_what_was_programmed),
        cmocka_unit_test(says_what_went_wrong),
        cmocka_unit_test(survives_a_cut),
        cmocka_unit_test(erased_is_erased),
    };

    return cmocka_run_group_tests(tests, NULL, print);
}
