/* SPDX-License-Identifier: BSD-3-Clause */
/* What a spool is read from and never written to: an SD card, a dump of flash,
 * the simulator's file. */
#ifndef TINYMX_TOOLS_IMAGE_H
#define TINYMX_TOOLS_IMAGE_H

#include "tinymx/posix.h"

struct image {
    struct mx_block block; /* set by image_open(); reads, and nothing else */
    int fd;
};

/* Opens and locks it, shared: other readers may have it too, a simulator may
 * not. 0, or MX_EIO. */
int image_open(struct image *image, const char *path, char *why);
void image_close(struct image *image);

#endif
