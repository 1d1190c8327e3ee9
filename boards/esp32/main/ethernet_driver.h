/* SPDX-License-Identifier: BSD-3-Clause */
/* The driver below ethernet.c: that of the menu (ethernet_menu.c), or QEMU's
 * (ethernet_qemu.c). */
#ifndef TINYMX_ESP32_ETHERNET_DRIVER_H
#define TINYMX_ESP32_ETHERNET_DRIVER_H

#include "esp_eth.h"

/* Installs one and gives its handle, not started. Once, before the link starts. */
esp_err_t ethernet_driver(esp_eth_handle_t *handle);

#endif
