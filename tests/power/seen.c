/* SPDX-License-Identifier: BSD-3-Clause */
#include "device.h"

struct mx_block *device_seen(struct device *dev)
{
    return &dev->block;
}
