/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_ota_ops.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_OTA_OPS_H
#define TINYMX_DECLARED_ESP_OTA_OPS_H

#include "esp_err.h"

esp_err_t esp_ota_mark_app_valid_cancel_rollback(void);

#endif
