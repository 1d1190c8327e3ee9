/* SPDX-License-Identifier: BSD-3-Clause */
/* What the device is called, and the addresses of its interface. */
#ifndef TINYMX_ESP32_ADDRESS_H
#define TINYMX_ESP32_ADDRESS_H

#include "tinymx/console.h"
#include "tinymx/settings.h"

#include "esp_event.h"
#include "esp_netif.h"

/* Before the interface is started: its name, and the address of the configuration,
 * if it has one; else DHCP finds one. */
void address_start(esp_netif_t *netif, const struct mx_settings *settings);

/* Handlers: the link is up, and an IPv4 address is there; `arg` is the netif. */
void address_link_up(void *arg, esp_event_base_t base, int32_t id, void *data);
void address_found(void *arg, esp_event_base_t base, int32_t id, void *data);

void address_status(esp_netif_t *netif, struct mx_console *c);

#endif
