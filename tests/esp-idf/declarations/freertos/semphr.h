/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of freertos/semphr.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_FREERTOS_SEMPHR_H
#define TINYMX_DECLARED_FREERTOS_SEMPHR_H

#include "freertos/FreeRTOS.h"

typedef struct QueueDefinition *SemaphoreHandle_t;

#endif
