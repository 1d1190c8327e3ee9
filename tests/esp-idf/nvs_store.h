/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvs.h on a device of tests/power: the blob "id7" of the namespace "tinymx" is
 * block 7, and what is zeros is not there. It is worse than NVS is: a power cut
 * tears blobs, and what was not committed is lost in any part.
 */
#ifndef TINYMX_TESTS_NVS_STORE_H
#define TINYMX_TESTS_NVS_STORE_H

#include "device.h"
#include "nvs.h"

void nvs_store_open(struct device *dev);

/* How many blobs there are. */
unsigned nvs_store_blobs(void);

extern struct nvs_store {
    esp_err_t open_error; /* of the next nvs_open() */
    unsigned room;        /* blobs that it has room for; 0: for all */
    unsigned commits;
    unsigned zeros;       /* blobs of nothing but zeros that somebody stored */
    nvs_open_mode_t mode; /* in which it was opened last */
    bool cut_short;       /* blobs read as half as long as they were */
} nvs_store;

#endif
