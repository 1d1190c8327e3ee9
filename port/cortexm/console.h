/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console on the UART: the commands of every device (commands.h), and what a
 * board adds to them.
 *
 *   status   behind the built-in one: stack, Ethernet, spool, cause of the reset
 *   exit     ends the emulator; without one there is no such command
 */
#ifndef TINYMX_CORTEXM_CONSOLE_H
#define TINYMX_CORTEXM_CONSOLE_H

#include "device.h"

/* NULL: there is no configuration. */
void console_start(struct device *device, const struct mx_settings *settings);

/* Runs what was typed, or goes on with a long answer. True: there is more of
 * it. */
bool console_poll(void);

#endif
