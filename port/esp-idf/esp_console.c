/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console: what menuconfig made ESP-IDF's own, a UART or USB-Serial-JTAG. A
 * driver's ring takes what comes while the server is busy, and is large enough for
 * a whole chain in PEM: a handshake and an erase of flash keep the server away for
 * longer than a UART's FIFO lasts (128 bytes are 11 ms at 115,200 baud). For the
 * same reason CONFIG_UART_ISR_IN_IRAM should be on: without it nobody empties the
 * FIFO while flash is erased.
 */
#include "os.h"

#include "tinymx/err.h"

#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "sdkconfig.h"

#include <stdio.h>

#define RING 8192
#define STACK 3072
#define PRIORITY 2
#define CHUNK 64

#if defined CONFIG_ESP_CONSOLE_UART

#include "driver/uart.h"
#include "esp_intr_alloc.h"

#ifdef CONFIG_UART_ISR_IN_IRAM
#define INTERRUPT ESP_INTR_FLAG_IRAM
#else
#define INTERRUPT 0
#endif

/* Output by the driver as well: nobody spins while it goes out. */
#ifdef CONFIG_VFS_SUPPORT_IO
#include "driver/uart_vfs.h"
#else
static void uart_vfs_dev_use_driver(int port)
{
    (void)port;
}
#endif

static int open_driver(void)
{
    const uart_port_t port = (uart_port_t)CONFIG_ESP_CONSOLE_UART_NUM;

    if (!uart_is_driver_installed(port)) {
        if (uart_driver_install(port, RING, 0, 0, NULL, INTERRUPT) != ESP_OK) {
            return MX_ENOTSUP;
        }
        uart_vfs_dev_use_driver(CONFIG_ESP_CONSOLE_UART_NUM);
    }
    return 0;
}

static int take(char *buf, uint32_t len, TickType_t ticks)
{
    return uart_read_bytes((uart_port_t)CONFIG_ESP_CONSOLE_UART_NUM, buf, len,
                           ticks);
}

#elif defined CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG

#include "driver/usb_serial_jtag.h"
#include "driver/usb_serial_jtag_vfs.h"

static int open_driver(void)
{
    usb_serial_jtag_driver_config_t config = {
        .tx_buffer_size = 256,
        .rx_buffer_size = RING,
    };

    if (!usb_serial_jtag_is_driver_installed()) {
        if (usb_serial_jtag_driver_install(&config) != ESP_OK) {
            return MX_ENOTSUP;
        }
        usb_serial_jtag_vfs_use_driver();
    }
    return 0;
}

static int take(char *buf, uint32_t len, TickType_t ticks)
{
    return usb_serial_jtag_read_bytes(buf, len, ticks);
}

#else

static int open_driver(void)
{
    return MX_ENOTSUP;
}

static int take(char *buf, uint32_t len, TickType_t ticks)
{
    (void)buf;
    (void)len;
    (void)ticks;
    return -1;
}

#endif

static void (*typed_to)(const char *text, size_t len);

/* Waits for the first, and takes what came with it. */
static void read_on(void *arg)
{
    char text[CHUNK];

    (void)arg;
    while (take(text, 1, portMAX_DELAY) == 1) {
        int more = take(text + 1, sizeof text - 1, 0);

        typed_to(text, 1 + (size_t)(more > 0 ? more : 0));
    }
    vTaskDelete(NULL);
}

int os_console_start(void (*typed)(const char *text, size_t len))
{
    int rc = open_driver();

    if (rc != 0) {
        return rc;
    }
    typed_to = typed;
    return xTaskCreate(read_on, "tinymx_console", STACK, NULL, PRIORITY,
                       NULL) == pdPASS
               ? 0
               : MX_ENOMEM;
}

void os_console_write(const char *text, size_t len)
{
    fwrite(text, 1, len, stdout);
    fflush(stdout);
}
