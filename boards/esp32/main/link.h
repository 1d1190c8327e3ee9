/* SPDX-License-Identifier: BSD-3-Clause */
/* The network's driver, wifi.c or ethernet.c: menuconfig says which. */
#ifndef TINYMX_ESP32_LINK_H
#define TINYMX_ESP32_LINK_H

#include "tinymx/console.h"
#include "tinymx/settings.h"

#include <stdbool.h>

/* Is what it switches on a radio, whose noise makes numbers random? */
extern const bool link_radio;

/* Starts it; it looks after itself from then on. `settings` may be NULL. An error is
 * logged: the device goes on without a network. */
void link_start(const struct mx_settings *settings);

/* For `status`: a line, and one for each address. In the server's task. */
void link_status(struct mx_console *c);

#endif
