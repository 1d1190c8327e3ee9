/* SPDX-License-Identifier: BSD-3-Clause */
/* A file as a block device: what an SD card is to a board. */
#define _DEFAULT_SOURCE
#include "tinymx/posix.h"

#include "tinymx/err.h"
#include "util/log.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SIZE 512

static int fd_of(struct mx_block *dev)
{
    return ((struct mx_block_file *)dev)->fd; /* dev is its first member */
}

static off_t place(const struct mx_block *dev, uint32_t block, uint32_t off)
{
    return (off_t)block * dev->block_size + off;
}

static int failed(const char *what)
{
    int err = errno;

    log_begin(MX_LOG_ERROR, "block", 0);
    log_str("failed", what);
    log_int("errno", err);
    log_text("text", strerror(err));
    log_end();
    return MX_EIO;
}

static int file_block_read(struct mx_block *dev, uint32_t block, uint32_t off,
                           void *buf, size_t len)
{
    char *at = buf;
    off_t from = place(dev, block, off);

    while (len > 0) {
        ssize_t n = pread(fd_of(dev), at, len, from);

        if (n == 0) {
            errno = ENODATA; /* somebody has cut it off */
        }
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return failed("pread");
        }
        if (n > 0) {
            at += n;
            from += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

static int file_block_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                           const void *data, size_t len)
{
    const char *at = data;
    off_t to = place(dev, block, off);

    while (len > 0) {
        ssize_t n = pwrite(fd_of(dev), at, len, to);

        if (n >= 0) {
            at += n;
            to += n;
            len -= (size_t)n;
        } else if (errno != EINTR) {
            return failed("pwrite");
        }
    }
    return 0;
}

static int file_block_sync(struct mx_block *dev)
{
    return fdatasync(fd_of(dev)) == 0 ? 0 : failed("fdatasync");
}

/* Locks it, and makes it as long as it is to be. 0 or -1 with errno set. */
static int prepare(int fd, uint64_t size, uint64_t *have)
{
    struct stat st;

    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &st) != 0) {
        return -1;
    }
    if (st.st_size == 0) {
        if (ftruncate(fd, (off_t)size) != 0 || fsync(fd) != 0) {
            return -1;
        }
        st.st_size = (off_t)size;
    }
    *have = (uint64_t)st.st_size;
    return 0;
}

int mx_block_file_open(struct mx_block_file *file, const char *path,
                       uint64_t size, char *why)
{
    uint64_t have = 0;

    file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->fd < 0 || prepare(file->fd, size, &have) != 0) {
        int err = errno;

        mx_block_file_close(file);
        return why_set(why, MX_EIO, "%s cannot be a card: %s", path,
                       err == EWOULDBLOCK ? "another program has it"
                                          : strerror(err));
    }
    if (have < BLOCK_SIZE || have / BLOCK_SIZE > UINT32_MAX) {
        mx_block_file_close(file);
        return why_set(why, MX_EINVAL, "%s cannot be a card: its size is %llu",
                       path, (unsigned long long)have);
    }
    file->block = (struct mx_block){
        .read = file_block_read,
        .prog = file_block_prog,
        .sync = file_block_sync,
        .read_size = BLOCK_SIZE,
        .prog_size = BLOCK_SIZE,
        .block_size = BLOCK_SIZE,
        .block_count = (uint32_t)(have / BLOCK_SIZE),
        .overwrite = true,
    };
    return 0;
}

void mx_block_file_close(struct mx_block_file *file)
{
    if (file->fd >= 0) {
        close(file->fd);
    }
    file->fd = -1;
}
