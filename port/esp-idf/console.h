/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ESP-IDF's console: the commands of every device (commands.h), and what this port
 * adds to them.
 *
 *   status   behind the built-in one: heap, stacks, cause of the reset, waits for
 *            memory, time, identity, spool, and what the application says
 */
#ifndef TINYMX_ESP_IDF_CONSOLE_H
#define TINYMX_ESP_IDF_CONSOLE_H

#include "device.h"

#include "tinymx/console.h"

/* In the server's task, from whose next round on it answers. `status` may be NULL,
 * `settings` too: there is no configuration. 0, or what os_console_start() says. */
int console_start(struct device *device, const struct mx_settings *settings,
                  void (*status)(struct mx_console *c));

/* Goes on with a long answer. In how many milliseconds it wants to again;
 * UINT32_MAX: there is none. */
uint32_t console_poll(void);

#endif
