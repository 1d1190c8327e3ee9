/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console on the UART: the commands of all platforms, and what a board adds
 * to them.
 *
 *   status   behind the built-in one: stack, Ethernet, spool, cause of the reset
 *   mail     tinymx/console_mail.h
 *   format   makes a card that is no spool one, if it is told so twice
 *   exit     ends the emulator; without one there is no such command
 */
#ifndef TINYMX_CORTEXM_COMMANDS_H
#define TINYMX_CORTEXM_COMMANDS_H

#include "tinymx/server.h"

/* Behind mailbox_start(). */
void commands_start(const struct mx_server *server);

/* Runs what was typed, or goes on with a long answer. True: there is more of
 * it. */
bool commands_poll(void);

#endif
