/* SPDX-License-Identifier: BSD-3-Clause */
/* esp_partition.h on a device of tests/power: one data partition, flash that keeps
 * the rules and says no when it is told to. */
#ifndef TINYMX_TESTS_PARTITION_H
#define TINYMX_TESTS_PARTITION_H

#include "device.h"
#include "esp_partition.h"

/* The partition of this label is all of `dev`. Encrypted, if that is programmed
 * by 16 bytes. */
void partition_open(struct device *dev, const char *label);

/* There is none any more. */
void partition_close(void);

/* What it is, to be changed. */
extern esp_partition_t partition;

/* How often the watchdog was fed. */
extern unsigned partition_feeds;

#endif
