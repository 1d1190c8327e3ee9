/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console on the UART: the commands of all platforms, and what a board adds
 * to them.
 *
 *   status   behind the built-in one: stack, Ethernet, card, cause of the reset
 *   mail     what is on the card
 *   exit     ends the emulator; without one there is no such command
 */
#ifndef TINYMX_CORTEXM_COMMANDS_H
#define TINYMX_CORTEXM_COMMANDS_H

#include "tinymx/card.h"
#include "tinymx/server.h"

void commands_start(const struct mx_server *server, struct mx_card *mail);

/* Runs what was typed. */
void commands_poll(void);

#endif
