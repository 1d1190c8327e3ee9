/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_random.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_RANDOM_H
#define TINYMX_DECLARED_ESP_RANDOM_H

#include <stddef.h>
#include <stdint.h>

uint32_t esp_random(void);
void esp_fill_random(void *buf, size_t len);

#endif
