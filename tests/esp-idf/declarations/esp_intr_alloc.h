/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_intr_alloc.h, as 5.5 and 6.0 have
 * it. */
#ifndef TINYMX_DECLARED_ESP_INTR_ALLOC_H
#define TINYMX_DECLARED_ESP_INTR_ALLOC_H

#define ESP_INTR_FLAG_IRAM (1 << 10)

#endif
