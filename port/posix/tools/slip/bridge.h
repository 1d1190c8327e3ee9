/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Between a serial line and the user-mode network, net_user.c:
 *
 *     line ─ IP packets, packet.h ─ bridge ─ Ethernet frames ─ libslirp
 *
 * On the Ethernet it is the device, and answers for it when somebody asks who
 * has an address (ARP).
 */
#ifndef TINYMX_SLIP_BRIDGE_H
#define TINYMX_SLIP_BRIDGE_H

#include <stdbool.h>

/* `out`: the device may reach the world. 0, or an error and why. */
int bridge_start(bool out, char *why);

/* Until the line ends; the descriptor is the bridge's. */
void bridge_run(int line);

#endif
