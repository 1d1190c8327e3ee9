/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The network of a port: one Ethernet interface under lwIP.
 *
 *     lwip_init();
 *     template_netif_up(mac);
 *     mx_server_init(&server, &config);
 *     for (;;) {
 *         uint32_t ms = mx_server_poll(&server);
 *         template_netif_poll();
 *         sleep until a frame arrives, at most the lesser of `ms` and
 *         sys_timeouts_sleeptime();
 *     }
 */
#ifndef TINYMX_TEMPLATE_NETIF_H
#define TINYMX_TEMPLATE_NETIF_H

#include <stdint.h>

/* Adds the interface, brings it up, starts DHCP. `mac` is unique on its
 * network; most chips come with one. 0, or MX_EIO: the hardware is not there. */
int template_netif_up(const uint8_t mac[6]);

/* Hands received frames to lwIP and runs its timers. From the main loop only:
 * an interrupt may fill a ring, but never call lwIP. */
void template_netif_poll(void);

#endif
