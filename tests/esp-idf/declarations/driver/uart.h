/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of driver/uart.h, as 5.5
 * and 6.0 have it. Ticks to wait are uint32_t in 6.0 and
 * TickType_t in 5.5, which is the same. */
#ifndef TINYMX_DECLARED_DRIVER_UART_H
#define TINYMX_DECLARED_DRIVER_UART_H

#include "esp_err.h"
#include "freertos/FreeRTOS.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum { UART_NUM_0, UART_NUM_1 } uart_port_t;

struct QueueDefinition;

esp_err_t uart_driver_install(uart_port_t uart_num, int rx_buffer_size,
                              int tx_buffer_size, int queue_size,
                              struct QueueDefinition **uart_queue,
                              int intr_alloc_flags);
bool uart_is_driver_installed(uart_port_t uart_num);
int uart_read_bytes(uart_port_t uart_num, void *buf, uint32_t length,
                    TickType_t ticks_to_wait);
esp_err_t uart_get_buffered_data_len(uart_port_t uart_num, size_t *size);

#endif
