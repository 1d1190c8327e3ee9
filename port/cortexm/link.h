/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What carries packets between lwIP's only interface and the board:
 * link_ethernet.c, or link_slip.c. TINYMX_BOARD_LINK of board.cmake chooses.
 */
#ifndef TINYMX_CORTEXM_LINK_H
#define TINYMX_CORTEXM_LINK_H

#include <stdbool.h>

#include "tinymx/settings.h"

struct mx_console;
struct netif;

/* Adds the interface to lwIP. 0, or MX_EIO. */
int link_add(struct netif *n);

/* When it is up: its addresses. 0, MX_EIO, MX_EINVAL: the configuration, and why
 * is logged. */
int link_start(struct netif *n, const struct mx_settings *settings);

/* A few packets in. True: more wait. */
bool link_poll(struct netif *n);

/* Its lines of `status`. */
void link_status(struct mx_console *c);

#endif
