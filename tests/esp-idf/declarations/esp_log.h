/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_log.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_LOG_H
#define TINYMX_DECLARED_ESP_LOG_H

typedef enum {
    ESP_LOG_NONE,
    ESP_LOG_ERROR,
    ESP_LOG_WARN,
    ESP_LOG_INFO,
    ESP_LOG_DEBUG,
    ESP_LOG_VERBOSE,
} esp_log_level_t;

void esp_log_level_set(const char *tag, esp_log_level_t level);

void declared_log(const char *tag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
#define ESP_LOGE(tag, ...) declared_log(tag, __VA_ARGS__)
#define ESP_LOGW(tag, ...) declared_log(tag, __VA_ARGS__)
#define ESP_LOGI(tag, ...) declared_log(tag, __VA_ARGS__)
#define ESP_LOGD(tag, ...) declared_log(tag, __VA_ARGS__)

#endif
