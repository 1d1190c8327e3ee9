/* SPDX-License-Identifier: BSD-3-Clause */
/* port/esp-idf/esp_nvs.c: what becomes of a block, and of an error. The power
 * test has the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "contents.h"
#include "nvs_store.h"
#include "os.h"
#include "tinymx/err.h"
#include "tinymx/keeper.h"

#define BLOCK 512

static const struct geometry geometry = {
    "nvs",
    {.read_size = BLOCK,
     .prog_size = BLOCK,
     .block_size = BLOCK,
     .block_count = 64,
     .overwrite = true},
    0x00,
    false,
};

static struct device device;
static struct mx_block *dev;
static uint8_t bytes[BLOCK], got[BLOCK];

static void broken(struct device *d, const char *rule)
{
    (void)d;
    fail_msg("%s", rule);
    abort();
}

static int fresh(void **state)
{
    (void)state;
    device_open(&device, &geometry, 1);
    device.broken = broken;
    nvs_store_open(&device);
    memset(bytes, 'k', sizeof bytes);
    memset(got, 'x', sizeof got);
    return os_nvs(&dev);
}

static void test_no_nvs(void **state)
{
    struct mx_block *none = NULL;

    (void)state;
    device_open(&device, &geometry, 1);
    nvs_store_open(&device);
    nvs_store.open_error = ESP_ERR_NVS_NOT_INITIALIZED;
    assert_int_equal(os_nvs(&none), MX_EIO);
    nvs_store.open_error = ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    assert_int_equal(os_nvs(&none), MX_ENOSPC);
    assert_null(none);
}

static void test_geometry(void **state)
{
    (void)state;
    assert_true(dev->overwrite);
    assert_int_equal(dev->block_count, mx_keeper_blocks(dev));
    assert_int_equal(dev->block_size, BLOCK);
    assert_true(dev->block_count <= geometry.block.block_count);
}

static void test_what_nobody_wrote_is_zeros(void **state)
{
    static const uint8_t zeros[BLOCK];

    (void)state;
    assert_int_equal(dev->read(dev, dev->block_count - 1, 0, got, BLOCK), 0);
    assert_memory_equal(got, zeros, BLOCK);
}

static void test_a_block_is_a_blob(void **state)
{
    (void)state;
    assert_int_equal(dev->prog(dev, 11, 0, bytes, BLOCK), 0);
    assert_memory_equal(device.cells.now + 11 * BLOCK, bytes, BLOCK);
    assert_int_equal(dev->read(dev, 11, 0, got, BLOCK), 0);
    assert_memory_equal(got, bytes, BLOCK);
    assert_int_equal(nvs_store_blobs(), 1);
}

static void test_zeros_take_no_room(void **state)
{
    static const uint8_t zeros[BLOCK];

    (void)state;
    assert_int_equal(dev->prog(dev, 2, 0, bytes, BLOCK), 0);
    assert_int_equal(dev->prog(dev, 2, 0, zeros, BLOCK), 0);
    assert_int_equal(dev->prog(dev, 3, 0, zeros, BLOCK), 0);
    assert_int_equal(nvs_store_blobs(), 0);
    assert_int_equal(nvs_store.zeros, 0);
    assert_int_equal(dev->read(dev, 2, 0, got, BLOCK), 0);
    assert_memory_equal(got, zeros, BLOCK);
}

/* One byte is enough to be there, wherever it is. */
static void test_almost_zeros(void **state)
{
    static const size_t at[] = {0, 1, BLOCK - 1};

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        memset(bytes, 0, BLOCK);
        bytes[at[i]] = 1;
        assert_int_equal(dev->prog(dev, 0, 0, bytes, BLOCK), 0);
        assert_int_equal(dev->read(dev, 0, 0, got, BLOCK), 0);
        assert_memory_equal(got, bytes, BLOCK);
    }
}

static void test_sync_commits(void **state)
{
    (void)state;
    assert_int_equal(dev->sync(dev), 0);
    assert_int_equal(nvs_store.commits, 1);
    device.fail_in = 1;
    device.fail_ways = 1;
    assert_int_equal(dev->sync(dev), MX_EIO);
}

static void test_errors(void **state)
{
    static const uint8_t zeros[BLOCK];

    (void)state;
    assert_int_equal(dev->prog(dev, 4, 0, bytes, BLOCK), 0);
    nvs_store.cut_short = true;
    assert_int_equal(dev->read(dev, 4, 0, got, BLOCK), MX_EIO);
    nvs_store.cut_short = false;
    device.bad[4] = true;
    assert_int_equal(dev->prog(dev, 4, 0, bytes, BLOCK), MX_EIO);
    assert_int_equal(dev->prog(dev, 4, 0, zeros, BLOCK), MX_EIO);
    memset(device.cells.state + 4 * BLOCK, BYTE_UNREADABLE, BLOCK);
    assert_int_equal(dev->read(dev, 4, 0, got, BLOCK), MX_EIO);
}

/* What there was stays, when there is no room for what is to be. */
static void test_full(void **state)
{
    static struct contents contents[2];
    static uint8_t page[BLOCK];
    struct mx_idstore store;

    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        contents_make(&contents[i], 4 + i);
    }
    contents[1].part[MX_ID_CHAIN].len = CONTENTS_CHAIN_MAX;
    assert_int_equal(mx_idstore_mount(&store, dev, 0, dev->block_count, page),
                     0);
    assert_int_equal(mx_idstore_write(&store, contents[0].part, page), 0);
    nvs_store.room = nvs_store_blobs();
    assert_int_equal(mx_idstore_write(&store, contents[1].part, page), MX_EIO);
    assert_true(contents_are(&store, page, 4));
    assert_int_equal(mx_idstore_mount(&store, dev, 0, dev->block_count, page),
                     0);
    assert_true(contents_are(&store, page, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_nvs),
        cmocka_unit_test_setup(test_geometry, fresh),
        cmocka_unit_test_setup(test_what_nobody_wrote_is_zeros, fresh),
        cmocka_unit_test_setup(test_a_block_is_a_blob, fresh),
        cmocka_unit_test_setup(test_zeros_take_no_room, fresh),
        cmocka_unit_test_setup(test_almost_zeros, fresh),
        cmocka_unit_test_setup(test_sync_commits, fresh),
        cmocka_unit_test_setup(test_errors, fresh),
        cmocka_unit_test_setup(test_full, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
