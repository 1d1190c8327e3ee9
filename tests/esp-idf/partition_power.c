/* SPDX-License-Identifier: BSD-3-Clause */
/* The programs of tests/power on a partition: flash as it is, and encrypted. */
#include "os.h"
#include "partition.h"

#include "story.h"

#define NOR(unit, count)                                                       \
    {                                                                          \
        .read_size = (unit), .prog_size = (unit), .block_size = 4096,          \
        .block_count = (count)                                                 \
    }

const struct geometry geometries[] = {
    {"partition", NOR(1, 28), 0xff, false},
    {"partition-encrypted", NOR(16, 28), 0xff, false},
    {.name = NULL},
};

struct mx_block *device_seen(struct device *dev)
{
    struct mx_block *block;

    partition_open(dev, "spool");
    if (os_partition("spool", &block) != 0) {
        story_end("MOUNT", "no partition");
    }
    return block;
}
