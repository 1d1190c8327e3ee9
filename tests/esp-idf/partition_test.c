/* SPDX-License-Identifier: BSD-3-Clause */
/* port/esp-idf/esp_partition.c: what becomes of a call, and of an error. The
 * power tests have the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os.h"
#include "partition.h"
#include "tinymx/err.h"
#include "tinymx/spool.h"

#define BLOCKS 28
#define NOR(unit)                                                              \
    {                                                                          \
        "flash",                                                               \
            {.read_size = (unit),                                              \
             .prog_size = (unit),                                              \
             .block_size = 4096,                                               \
             .block_count = BLOCKS},                                           \
            0xff, false                                                        \
    }

static const struct geometry plain = NOR(1), encrypted = NOR(16);

static struct device device;
static struct mx_block *dev;

static void broken(struct device *d, const char *rule)
{
    (void)d;
    fail_msg("%s", rule);
    abort();
}

static void fresh(const struct geometry *g)
{
    device_open(&device, g, 1);
    device.broken = broken;
    partition_open(&device, "spool");
    partition_feeds = 0;
    assert_int_equal(os_partition("spool", &dev), 0);
}

static void test_geometry(void **state)
{
    (void)state;
    fresh(&plain);
    assert_int_equal(dev->read_size, 1);
    assert_int_equal(dev->prog_size, 1);
    assert_int_equal(dev->block_size, 4096);
    assert_int_equal(dev->block_count, BLOCKS);
    assert_false(dev->overwrite);
    fresh(&encrypted);
    assert_int_equal(dev->read_size, 16);
    assert_int_equal(dev->prog_size, 16);
}

static void test_there_is_none(void **state)
{
    struct mx_block *none = NULL;
    size_t len = 0;

    (void)state;
    fresh(&plain);
    assert_int_equal(os_partition("mail", &none), MX_EEXIST);
    assert_null(os_partition_map("mail", &len));
    partition_close();
    assert_int_equal(os_partition("spool", &none), MX_EEXIST);
    assert_null(none);
}

/* In its place, and nowhere else. */
static void test_places(void **state)
{
    char got[6] = "";

    (void)state;
    fresh(&plain);
    assert_int_equal(dev->prog(dev, 3, 100, "tinymx", 6), 0);
    assert_memory_equal(device.cells.now + 3 * 4096 + 100, "tinymx", 6);
    assert_int_equal(dev->read(dev, 3, 100, got, 6), 0);
    assert_memory_equal(got, "tinymx", 6);
    assert_int_equal(dev->prog(dev, 4, 0, "next", 4), 0);
    assert_int_equal(dev->erase(dev, 3), 0);
    assert_int_equal(device.cells.now[3 * 4096 + 100], 0xff);
    assert_memory_equal(device.cells.now + 4 * 4096, "next", 4);
    assert_int_equal(dev->sync(dev), 0);
}

static void test_errors(void **state)
{
    char got[4];

    (void)state;
    fresh(&plain);
    device.bad[5] = true;
    assert_int_equal(dev->prog(dev, 5, 0, "mail", 4), MX_EIO);
    assert_int_equal(dev->erase(dev, 5), MX_EIO);
    memset(device.cells.state + 6 * 4096, BYTE_UNREADABLE, 4);
    assert_int_equal(dev->read(dev, 6, 0, got, 4), MX_EIO);
    partition.readonly = true;
    assert_int_equal(dev->prog(dev, 7, 0, "mail", 4), MX_EIO);
    assert_int_equal(dev->erase(dev, 7), MX_EIO);
}

/* What nobody wrote reads as ones, and what was written as what it is. */
static void test_encrypted(void **state)
{
    uint8_t ones[512], got[512], want[512];

    (void)state;
    fresh(&encrypted);
    memset(ones, 0xff, sizeof ones);
    assert_int_equal(dev->read(dev, 1, 0, got, sizeof got), 0);
    assert_memory_equal(got, ones, sizeof got);
    assert_int_equal(dev->prog(dev, 1, 256, "sixteen bytes it", 16), 0);
    assert_memory_not_equal(device.cells.now + 4096 + 256, "sixteen bytes it",
                            16);
    memcpy(want, ones, sizeof want);
    memcpy(want + 256, "sixteen bytes it", 16);
    assert_int_equal(dev->read(dev, 1, 0, got, sizeof got), 0);
    assert_memory_equal(got, want, sizeof got);
    assert_int_equal(dev->read(dev, 1, 256, got, 16), 0);
    assert_memory_equal(got, "sixteen bytes it", 16);
}

/* A new spool is many erases, each of which may take half a second. */
static void test_every_erase_feeds_the_watchdog(void **state)
{
    static struct mx_spool spool;

    (void)state;
    fresh(&plain);
    assert_int_equal(mx_spool_format(&spool, dev, &(struct mx_spool_config){0}),
                     0);
    assert_true(device.counts.erases > 0);
    assert_int_equal(partition_feeds, device.counts.erases);
}

static void test_map(void **state)
{
    size_t len = 0;

    (void)state;
    fresh(&plain);
    assert_ptr_equal(os_partition_map("spool", &len), device.cells.now);
    assert_int_equal(len, BLOCKS * 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry),
        cmocka_unit_test(test_there_is_none),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_encrypted),
        cmocka_unit_test(test_every_erase_feeds_the_watchdog),
        cmocka_unit_test(test_map),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
