/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of the emulator's host as the device that keeps the mail: to the byte
 * what an SD card would hold. The host's path is short, or relative to where the
 * emulator runs: the guest has no room for more. There is no way to have the host
 * flush it: it survives the emulator's end, not the host's.
 */
#include "cortexm.h"
#include "semihost.h"

#include "tinymx/block.h"
#include "tinymx/err.h"

#include <string.h>

#define BLOCK 512u

static int handle;

/* Both tell how many bytes they did not move. */
static int move(int operation, uint32_t at, const void *buf, size_t len)
{
    const uintptr_t seek[] = {(uintptr_t)handle, at};
    const uintptr_t args[] = {(uintptr_t)handle, (uintptr_t)buf, len};

    return semihost_call(SYS_SEEK, seek) == 0 &&
                   semihost_call(operation, args) == 0
               ? 0
               : MX_EIO;
}

static int host_read(struct mx_block *dev, uint32_t block, uint32_t off,
                     void *buf, size_t len)
{
    (void)dev;
    return move(SYS_READ, block * BLOCK + off, buf, len);
}

static int host_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                     const void *data, size_t len)
{
    (void)dev;
    return move(SYS_WRITE, block * BLOCK + off, data, len);
}

static int host_sync(struct mx_block *dev)
{
    (void)dev;
    return 0;
}

static struct mx_block card = {
    .read = host_read,
    .prog = host_prog,
    .sync = host_sync,
    .read_size = 1,
    .prog_size = 1,
    .block_size = BLOCK,
    .overwrite = true,
};

static int open_file(const char *path)
{
    return semihost_call(
        SYS_OPEN,
        (const uintptr_t[]){(uintptr_t)path, OPEN_RB_PLUS, strlen(path)});
}

/* What stands behind "card=", up to the next blank. */
static char *find_path(char *line)
{
    char *path = strstr(line, "card=");

    if (path != NULL) {
        path += strlen("card=");
        path[strcspn(path, " ")] = '\0';
    }
    return path;
}

int semihost_card(struct mx_block **dev)
{
    char line[100] = "";
    const char *path = NULL;
    int len;

    if (semihost_call(SYS_GET_CMDLINE,
                      (const uintptr_t[]){(uintptr_t)line, sizeof line}) == 0) {
        line[sizeof line - 1] = '\0';
        path = find_path(line);
    }
    handle = path != NULL ? open_file(path) : -1;
    len = handle > 0
              ? semihost_call(SYS_FLEN, (const uintptr_t[]){(uintptr_t)handle})
              : -1;
    if (len < 0) {
        return MX_EIO;
    }
    card.block_count = (uint32_t)len / BLOCK;
    *dev = &card;
    return 0;
}
