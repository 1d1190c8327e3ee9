/* SPDX-License-Identifier: BSD-3-Clause */
/* The heap, where menuconfig wants mbedTLS's memory to be. */
#include "os.h"

#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "mbedtls/platform.h"
#include "sdkconfig.h"

#ifdef CONFIG_MBEDTLS_EXTERNAL_MEM_ALLOC
#define KIND (MALLOC_CAP_SPIRAM | MALLOC_CAP_8BIT)
#else
#define KIND (MALLOC_CAP_INTERNAL | MALLOC_CAP_8BIT)
#endif

static TaskHandle_t server;

void os_server(void)
{
    server = xTaskGetCurrentTaskHandle();
}

bool os_is_server(void)
{
    return server != NULL && xTaskGetCurrentTaskHandle() == server;
}

size_t os_heap_free(void)
{
    return heap_caps_get_free_size(KIND);
}

void os_heap(struct os_heap *heap)
{
    heap->free = os_heap_free();
    heap->least = heap_caps_get_minimum_free_size(KIND);
    heap->largest = heap_caps_get_largest_free_block(KIND);
    heap->size = heap_caps_get_total_size(KIND);
}

void *os_calloc(size_t count, size_t size)
{
    return heap_caps_calloc(count, size, KIND);
}

void os_free(void *ptr)
{
    heap_caps_free(ptr);
}

void os_tls_memory(void *(*calloc)(size_t, size_t), void (*free)(void *))
{
    (void)mbedtls_platform_set_calloc_free(calloc, free);
}
