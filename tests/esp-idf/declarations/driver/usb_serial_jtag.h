/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of driver/usb_serial_jtag.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_DRIVER_USB_SERIAL_JTAG_H
#define TINYMX_DECLARED_DRIVER_USB_SERIAL_JTAG_H

#include "esp_err.h"
#include "freertos/FreeRTOS.h"

#include <stdbool.h>

typedef struct {
    uint32_t tx_buffer_size;
    uint32_t rx_buffer_size;
} usb_serial_jtag_driver_config_t;

esp_err_t
usb_serial_jtag_driver_install(usb_serial_jtag_driver_config_t *config);
bool usb_serial_jtag_is_driver_installed(void);
int usb_serial_jtag_read_bytes(void *buf, uint32_t length,
                               TickType_t ticks_to_wait);

#endif
