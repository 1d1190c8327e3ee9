/* SPDX-License-Identifier: BSD-3-Clause */
/* Who tells the device the time, and with it mx_port_time_s(): a time server
 * (timesync_sntp.c), or nobody (timesync_none.c). The board's board.cmake says
 * which (TINYMX_BOARD_SNTP). */
#ifndef TINYMX_CORTEXM_TIMESYNC_H
#define TINYMX_CORTEXM_TIMESYNC_H

#include "tinymx/console.h"
#include "tinymx/settings.h"

/* Behind net_start(): asks the server of the configuration, or the first
 * one that DHCP names once it does. Mail does not wait for it. */
void timesync_start(const struct mx_settings *settings);

/* For `status`: the time and where it is from, or that it is not known. */
void timesync_status(struct mx_console *c);

#endif
