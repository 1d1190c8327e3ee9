/* SPDX-License-Identifier: BSD-3-Clause */
/* Small files, whole. */
#ifndef TINYMX_POSIX_FILE_H
#define TINYMX_POSIX_FILE_H

#include <stddef.h>

/* All of `path`, with a NUL behind it, in memory that the caller frees. NULL
 * with errno set; EFBIG: it has more than `max` bytes. */
char *file_read(const char *path, size_t max, size_t *len);

/* Writes `name` in folder `dir` (0600) so that it is there whole or not at all,
 * also after a power cut. 0, or -1 with errno set and nothing left behind. */
int file_write(int dir, const char *name, const void *data, size_t len);

#endif
