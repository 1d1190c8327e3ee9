/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of freertos/task.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_FREERTOS_TASK_H
#define TINYMX_DECLARED_FREERTOS_TASK_H

#include "freertos/FreeRTOS.h"

typedef struct tskTaskControlBlock *TaskHandle_t;
typedef void (*TaskFunction_t)(void *arg);

#define tskIDLE_PRIORITY ((UBaseType_t)0u)

BaseType_t xTaskCreate(TaskFunction_t code, const char *name, uint32_t stack,
                       void *arg, UBaseType_t priority, TaskHandle_t *handle);
void vTaskDelay(TickType_t ticks);
void vTaskDelete(TaskHandle_t task);
TaskHandle_t xTaskGetCurrentTaskHandle(void);
TaskHandle_t xTaskGetHandle(const char *name);
UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t task);

#endif
