/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of nvs_flash.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_NVS_FLASH_H
#define TINYMX_DECLARED_NVS_FLASH_H

#include "nvs.h"

esp_err_t nvs_flash_init(void);
esp_err_t nvs_flash_erase(void);

#endif
