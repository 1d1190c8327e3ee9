/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of lwip/netif.h, as 5.5 and
 * 6.0 have it. */
#ifndef TINYMX_DECLARED_LWIP_NETIF_H
#define TINYMX_DECLARED_LWIP_NETIF_H

#include "lwip/opt.h"

struct netif {
    struct netif *next;
};

extern struct netif *netif_list;
#define NETIF_FOREACH(netif)                                                   \
    for ((netif) = netif_list; (netif) != NULL; (netif) = (netif)->next)

#endif
