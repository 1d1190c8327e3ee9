/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the device's IPv4 address comes from: its configuration, or DHCP. IPv6
 * is link_ethernet.c's, and does not wait for it. */
#ifndef TINYMX_CORTEXM_ADDRESS_H
#define TINYMX_CORTEXM_ADDRESS_H

#include "tinymx/settings.h"

struct netif;

/* When the interface is up. 0, or MX_EIO. */
int address_start(struct netif *n, const struct mx_settings *settings);

/* Every round of the main loop: says what there is to be said. */
void address_poll(const struct netif *n);

#endif
