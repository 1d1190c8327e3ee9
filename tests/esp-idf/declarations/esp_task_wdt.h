/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_task_wdt.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_TASK_WDT_H
#define TINYMX_DECLARED_ESP_TASK_WDT_H

#include "esp_err.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

esp_err_t esp_task_wdt_add(TaskHandle_t task_handle);
esp_err_t esp_task_wdt_reset(void);

#endif
