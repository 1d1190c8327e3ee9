/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_idf_version.h, as 5.5
 * and 6.0 have it. Which of them is meant is said on the
 * command line: DECLARED_IDF_MAJOR, _MINOR, _PATCH. */
#ifndef TINYMX_DECLARED_ESP_IDF_VERSION_H
#define TINYMX_DECLARED_ESP_IDF_VERSION_H

#define ESP_IDF_VERSION_MAJOR DECLARED_IDF_MAJOR
#define ESP_IDF_VERSION_MINOR DECLARED_IDF_MINOR
#define ESP_IDF_VERSION_PATCH DECLARED_IDF_PATCH
#define ESP_IDF_VERSION_VAL(major, minor, patch)                               \
    (((major) << 16) | ((minor) << 8) | (patch))
#define ESP_IDF_VERSION                                                        \
    ESP_IDF_VERSION_VAL(ESP_IDF_VERSION_MAJOR, ESP_IDF_VERSION_MINOR,          \
                        ESP_IDF_VERSION_PATCH)

#endif
