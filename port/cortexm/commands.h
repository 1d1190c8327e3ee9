/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console on the UART: the commands of all platforms, and what a board adds
 * to them.
 *
 *   status   behind the built-in one: stack, Ethernet, spool, cause of the reset
 *   mail     tinymx/console_mail.h
 *   identity tinymx/console_identity.h
 *   format   makes a card that is no spool one, if it is told so twice
 *   exit     ends the emulator; without one there is no such command
 */
#ifndef TINYMX_CORTEXM_COMMANDS_H
#define TINYMX_CORTEXM_COMMANDS_H

#include "tinymx/keeper.h"
#include "tinymx/server.h"

struct commands_config {
    const struct mx_server *server;
    struct mx_keeper *keeper;
    const struct mx_table *table;
    struct mx_names addresses; /* under which senders reach the device */
};

/* Behind mailbox_start(). */
void commands_start(const struct commands_config *config);

/* Runs what was typed, or goes on with a long answer. True: there is more of
 * it. */
bool commands_poll(void);

#endif
