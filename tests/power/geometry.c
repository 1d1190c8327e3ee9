/* SPDX-License-Identifier: BSD-3-Clause */
/* Small devices of every kind: the log has to go around often. */
#include "device.h"

#define NOR(read, prog, size, count)                                           \
    {                                                                          \
        .read_size = (read), .prog_size = (prog), .block_size = (size),        \
        .block_count = (count)                                                 \
    }

#define SD(count)                                                              \
    {                                                                          \
        .read_size = 512, .prog_size = 512, .block_size = 512,                 \
        .block_count = (count), .overwrite = true                              \
    }

const struct geometry geometries[] = {
    {"nor-1-4096", NOR(1, 1, 4096, 28), 0xff, false},
    {"nor-256-4096", NOR(1, 256, 4096, 32), 0xff, false},
    {"nor-32-16384", NOR(1, 32, 16384, 7), 0xff, false},
    {"nor-32-131072", NOR(1, 32, 131072, 6), 0xff, false},
    {"nor-64-8192", NOR(16, 64, 8192, 16), 0xff, false},
    {"nor-512-4096", NOR(512, 512, 4096, 28), 0x00, false},
    {"sd", SD(200), 0x00, false},
    {"sd-trim", SD(256), 0x00, true},
    {.name = NULL},
};
