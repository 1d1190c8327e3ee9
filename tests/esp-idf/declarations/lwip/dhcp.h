/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of lwip/dhcp.h, as 5.5 and
 * 6.0 have it. */
#ifndef TINYMX_DECLARED_LWIP_DHCP_H
#define TINYMX_DECLARED_LWIP_DHCP_H

#include "lwip/netif.h"

signed char dhcp_renew(struct netif *netif);
unsigned char dhcp_supplied_address(const struct netif *netif);

#endif
