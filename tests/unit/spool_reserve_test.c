/* SPDX-License-Identifier: BSD-3-Clause */
/* The blocks at a device's end that are somebody else's are not the spool's. */
#include "spool_stage.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define FILL 0x5a

static struct stage stage;
static size_t size, reserved; /* bytes */

/* Full of what somebody keeps there. In front it is blank. */
static void insert(const struct mx_block *geometry, uint32_t reserve_blocks)
{
    stage.cfg = (struct mx_spool_config){.reserve_blocks = reserve_blocks,
                                         .full = MX_SPOOL_DROP_OLDEST};
    block_ram_init(&stage.ram, geometry, 0);
    size = (size_t)geometry->block_size * geometry->block_count;
    reserved = (size_t)geometry->block_size * reserve_blocks;
    memset(stage.ram.now + size - reserved, FILL, reserved);
}

static bool is_reserve_whole(void)
{
    for (size_t i = size - reserved; i < size; i++) {
        if (stage.ram.now[i] != FILL) {
            return false;
        }
    }
    return true;
}

static int mount(void)
{
    return mx_spool_mount(&stage.spool, &stage.ram.block, &stage.cfg);
}

/* Round and round. */
static void fill(void)
{
    static const char text[3000] = "Subject: many\r\n\r\n";

    for (int i = 0; i < 150; i++) {
        assert_true(stage_deliver(&stage, text, sizeof text) > 0);
        while (mx_spool_poll(&stage.spool)) {
        }
    }
}

#define FOR_GEOMETRIES(g)                                                      \
    for (const struct mx_block *g = block_ram_geometry; g->block_size != 0; g++)

static void is_never_touched(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        insert(g, 2);
        assert_int_equal(mount(), 0);
        fill();
        assert_true(is_reserve_whole());
        stage_remount(&stage);
        fill();
        assert_true(is_reserve_whole());
    }
}

/* tinymx-spool does not know of it. */
static void can_be_read_without_knowing_of_it(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint32_t messages;

        insert(g, 2);
        assert_int_equal(mount(), 0);
        fill();
        messages = stage.spool.stats.messages;
        assert_true(messages > 0);
        stage.cfg = (struct mx_spool_config){.read_only = true};
        assert_int_equal(mount(), 0);
        assert_int_equal(stage.spool.stats.messages, messages);
    }
}

/* Refused, and nothing is written: its mail is there until somebody has it
 * formatted, and then neither log is taken for the other. */
static void refuses_a_log_that_reaches_into_it(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned count;

        insert(g, 0);
        assert_int_equal(mount(), 0);
        fill();
        count = stage.ram.count;
        stage.cfg.reserve_blocks = 1;
        assert_int_equal(mount(), MX_ENOSPC);
        assert_int_equal(stage.ram.count, count);
        reserved = g->block_size;
        memset(stage.ram.now + size - reserved, FILL, reserved);
        assert_int_equal(
            mx_spool_format(&stage.spool, &stage.ram.block, &stage.cfg), 0);
        assert_int_equal(mount(), 0);
        assert_int_equal(stage.spool.stats.messages, 0);
        fill();
        assert_true(is_reserve_whole());
        stage.cfg = (struct mx_spool_config){.read_only = true};
        assert_int_equal(mount(), 0);
        assert_true(stage.spool.stats.messages > 0);
    }
}

/* The segments of a device need not fill it. */
static void takes_a_log_that_ends_in_front_of_it(void **state)
{
    struct mx_block odd = block_ram_geometry[0];

    (void)state;
    odd.block_count -= 1;
    insert(&odd, 0);
    assert_int_equal(mount(), 0);
    fill();
    stage.cfg.reserve_blocks = 31;
    assert_int_equal(mount(), 0);
    assert_true(stage.spool.stats.messages > 0);
    stage.cfg.reserve_blocks = 32;
    assert_int_equal(mount(), MX_ENOSPC);
}

static void leaves_room_for_a_log(void **state)
{
    (void)state;
    insert(&block_ram_geometry[0], 0);
    stage.cfg.reserve_blocks = 256 - 6 * 32 + 1;
    assert_int_equal(mount(), MX_ENOSPC);
    stage.cfg.reserve_blocks = 257;
    assert_int_equal(mount(), MX_ENOSPC);
    assert_int_equal(stage.ram.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_never_touched),
        cmocka_unit_test(can_be_read_without_knowing_of_it),
        cmocka_unit_test(refuses_a_log_that_reaches_into_it),
        cmocka_unit_test(takes_a_log_that_ends_in_front_of_it),
        cmocka_unit_test(leaves_room_for_a_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
