/* SPDX-License-Identifier: BSD-3-Clause */
/* A file as a block device, and mail on it. */
#define _GNU_SOURCE
#include "tinymx/posix.h"
#include "tinymx/spool.h"

#include "tinymx/err.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char path[] = "/tmp/block_file_test.XXXXXX";
static struct mx_block_file file;
static char why[MX_POSIX_WHY_MAX];

/* --- faults ------------------------------------------------------------- */

static int fault;   /* errno of the next call; 0: none */
static size_t most; /* bytes of a call; 0: all */
static unsigned syncs;

static bool strikes(size_t *len)
{
    errno = fault;
    if (most != 0 && *len > most) {
        *len = most;
    }
    return errno != 0;
}

ssize_t __real_pread(int fd, void *buf, size_t len, off_t at);
ssize_t __wrap_pread(int fd, void *buf, size_t len, off_t at);
ssize_t __wrap_pread(int fd, void *buf, size_t len, off_t at)
{
    if (strikes(&len)) {
        fault = fault == EINTR ? 0 : fault;
        return -1;
    }
    return __real_pread(fd, buf, len, at);
}

ssize_t __real_pwrite(int fd, const void *buf, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t at)
{
    if (strikes(&len)) {
        fault = fault == EINTR ? 0 : fault;
        return -1;
    }
    return __real_pwrite(fd, buf, len, at);
}

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
    size_t none = 0;

    syncs++;
    return strikes(&none) ? -1 : __real_fdatasync(fd);
}

/* --- tests -------------------------------------------------------------- */

static void geometry(void **state)
{
    struct stat st;

    (void)state;
    assert_int_equal(mx_block_file_open(&file, path, 5ull << 30, why), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 5ll << 30);
    assert_true(st.st_blocks < 100); /* sparse */
    assert_int_equal(file.block.block_size, 512);
    assert_int_equal(file.block.block_count, 10u << 20);
    assert_true(file.block.overwrite);
    mx_block_file_close(&file);
    /* One that is there keeps its length. */
    assert_int_equal(mx_block_file_open(&file, path, 1024, why), 0);
    assert_int_equal(file.block.block_count, 10u << 20);
}

/* The last block, beyond 4 GB; what was never written is zero. */
static void far_away(void **state)
{
    static uint8_t data[512], back[512];
    struct mx_block *dev = &file.block;

    (void)state;
    assert_int_equal(mx_block_file_open(&file, path, 5ull << 30, why), 0);
    memset(data, 'x', sizeof data);
    assert_int_equal(dev->prog(dev, dev->block_count - 1, 0, data, 512), 0);
    assert_int_equal(dev->sync(dev), 0);
    mx_block_file_close(&file);
    assert_int_equal(mx_block_file_open(&file, path, 0, why), 0);
    assert_int_equal(dev->read(dev, dev->block_count - 1, 0, back, 512), 0);
    assert_memory_equal(back, data, 512);
    assert_int_equal(dev->read(dev, dev->block_count - 2, 0, back, 512), 0);
    memset(data, 0, sizeof data);
    assert_memory_equal(back, data, 512);
}

static void faults(void **state)
{
    static uint8_t data[512] = "abc", back[512];
    struct mx_block *dev = &file.block;

    (void)state;
    assert_int_equal(mx_block_file_open(&file, path, 4096, why), 0);
    fault = ENOSPC;
    assert_int_equal(dev->prog(dev, 1, 0, data, 512), MX_EIO);
    assert_int_equal(dev->read(dev, 1, 0, back, 512), MX_EIO);
    assert_int_equal(dev->sync(dev), MX_EIO);
    fault = EINTR;
    most = 100;
    assert_int_equal(dev->prog(dev, 1, 0, data, 512), 0);
    fault = EINTR;
    assert_int_equal(dev->read(dev, 1, 0, back, 512), 0);
    assert_memory_equal(back, data, 512);
    most = 0;
    assert_int_equal(truncate(path, 600), 0);
    assert_int_equal(dev->read(dev, 1, 0, back, 512), MX_EIO);
}

static void refused(void **state)
{
    struct mx_block_file other;

    (void)state;
    assert_int_equal(mx_block_file_open(&file, path, 511, why), MX_EINVAL);
    assert_non_null(strstr(why, "511"));
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(mx_block_file_open(&file, path, 4096, why), 0);
    assert_int_equal(mx_block_file_open(&other, path, 4096, why), MX_EIO);
    assert_non_null(strstr(why, path));
    assert_int_equal(
        mx_block_file_open(&other, "/nonexistent/card", 4096, NULL), MX_EIO);
}

/* A commit is two syncs: the data's and the head's. */
static void a_spool(void **state)
{
    const struct mx_envelope env = {.peer = "192.0.2.1"};
    const struct mx_spool_config config = {0};
    struct mx_spool_mail mail = {0};
    static struct mx_spool spool;
    int msg;

    (void)state;
    assert_int_equal(mx_block_file_open(&file, path, 1 << 20, why), 0);
    assert_int_equal(mx_spool_mount(&spool, &file.block, &config), 0);
    msg = spool.sink.open(&spool.sink, &env);
    assert_int_equal(spool.sink.write(&spool.sink, msg, "x\r\n", 3), 3);
    syncs = 0;
    assert_int_equal(spool.sink.commit(&spool.sink, msg), 0);
    assert_int_equal(syncs, 2);
    mx_block_file_close(&file);
    assert_int_equal(mx_block_file_open(&file, path, 0, why), 0);
    assert_int_equal(mx_spool_mount(&spool, &file.block, &config), 0);
    assert_int_equal(mx_spool_next(&spool, &mail), 1);
    assert_int_equal(mail.size, 20);
    assert_int_equal(mx_spool_check(&spool, &mail), 0);
}

static int setup(void **state)
{
    (void)state;
    fault = 0;
    most = 0;
    return truncate(path, 0);
}

static int teardown(void **state)
{
    (void)state;
    fault = 0;
    mx_block_file_close(&file);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(geometry), TEST(far_away), TEST(faults),
        TEST(refused),  TEST(a_spool),
    };
    int rc, fd = mkstemp(path);

    if (fd < 0) {
        return 1;
    }
    close(fd);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return rc;
}
