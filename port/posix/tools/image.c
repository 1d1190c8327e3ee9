/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "image.h"

#include "tinymx/err.h"
#include "tinymx/spool.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Who only reads need not know what the device erases at once: a page does. */
#define BLOCK_SIZE MX_SPOOL_PAGE

static int image_read(struct mx_block *dev, uint32_t block, uint32_t off,
                      void *buf, size_t len)
{
    const struct image *image = (struct image *)dev; /* its first member */
    off_t from = (off_t)block * BLOCK_SIZE + off;
    char *at = buf;

    while (len > 0) {
        ssize_t n = pread(image->fd, at, len, from);

        if (n == 0 || (n < 0 && errno != EINTR)) {
            return MX_EIO;
        }
        if (n > 0) {
            at += n;
            from += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

static int fail(struct image *image, const char *path, const char *what,
                char *why)
{
    image_close(image);
    return why_set(why, MX_EIO, "%s: %s", path, what);
}

int image_open(struct image *image, const char *path, char *why)
{
    off_t size;

    image->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (image->fd < 0) {
        return fail(image, path, strerror(errno), why);
    }
    if (flock(image->fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return fail(image, path,
                    "in use: the tinymx-sim that has it must end first", why);
    }
    size = lseek(image->fd, 0, SEEK_END); /* of a card's device too */
    if (size < 0) {
        return fail(image, path, strerror(errno), why);
    }
    if (size < BLOCK_SIZE) {
        return fail(image, path, size == 0 ? "empty" : "too small for a spool",
                    why);
    }
    image->block = (struct mx_block){
        .read = image_read,
        .read_size = 1,
        .prog_size = BLOCK_SIZE,
        .block_size = BLOCK_SIZE,
        .block_count = size / BLOCK_SIZE < UINT32_MAX
                           ? (uint32_t)(size / BLOCK_SIZE)
                           : UINT32_MAX,
    };
    return 0;
}

void image_close(struct image *image)
{
    if (image->fd >= 0) {
        close(image->fd);
    }
    image->fd = -1;
}
