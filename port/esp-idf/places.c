/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an ESP32 keeps mail and identity. */
#include "places.h"

#include "os.h"

int board_store(struct mx_block **dev)
{
    return os_partition("spool", dev);
}

int board_identity(struct mx_block **dev)
{
    return os_nvs(dev);
}
