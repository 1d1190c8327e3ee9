/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Fills [0, cap) as far as the file goes. */
static ssize_t read_all(int fd, char *buf, size_t cap)
{
    size_t len = 0;

    while (len < cap) {
        ssize_t n = read(fd, buf + len, cap - len);

        if (n == 0) {
            break;
        }
        if (n > 0) {
            len += (size_t)n;
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return (ssize_t)len;
}

char *file_read(const char *path, size_t max, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *buf = fd < 0 ? NULL : malloc(max + 1);
    ssize_t n = -1;
    int err;

    if (buf != NULL) {
        n = read_all(fd, buf, max + 1);
        if (n >= 0 && (size_t)n > max) {
            errno = EFBIG;
            n = -1;
        }
    }
    err = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (n < 0) {
        free(buf);
        errno = err;
        return NULL;
    }
    buf[n] = '\0';
    *len = (size_t)n;
    return buf;
}

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n >= 0) {
            data += n;
            len -= (size_t)n;
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return fsync(fd);
}

int file_write(int dir, const char *name, const void *data, size_t len)
{
    char tmp[64];
    int fd, rc, err;

    snprintf(tmp, sizeof tmp, "%.50s.tmp", name);
    unlinkat(dir, tmp, 0); /* of a start that was cut short */
    fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -1;
    }
    rc = write_all(fd, data, len);
    if (close(fd) != 0) {
        rc = -1;
    }
    if (rc == 0) {
        rc = renameat(dir, tmp, dir, name);
    }
    if (rc == 0) {
        return fsync(dir);
    }
    err = errno;
    unlinkat(dir, tmp, 0);
    errno = err;
    return -1;
}
