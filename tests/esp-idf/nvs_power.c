/* SPDX-License-Identifier: BSD-3-Clause */
/* The power test of the identity store on NVS. */
#include "nvs_store.h"
#include "os.h"

#include "story.h"

const struct geometry geometries[] = {
    {"nvs",
     {.read_size = 512,
      .prog_size = 512,
      .block_size = 512,
      .block_count = 20,
      .overwrite = true},
     0x00,
     false},
    {.name = NULL},
};

struct mx_block *device_seen(struct device *dev)
{
    struct mx_block *block;

    nvs_store_open(dev);
    if (os_nvs(&block) != 0) {
        story_end("MOUNT", "no NVS");
    }
    return block;
}
