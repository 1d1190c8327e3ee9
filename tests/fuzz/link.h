/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP on a link that may lose, double and delay. Server and clients live in
 * the same stack; every frame goes through here, copied as a driver would.
 */
#ifndef TINYMX_FUZZ_LINK_H
#define TINYMX_FUZZ_LINK_H

#include <stdbool.h>

/* What becomes of the next frames. */
enum link_deed { LINK_DROP, LINK_TWICE, LINK_LATE, LINK_DEEDS };

/* Hosts on it: the server is 192.0.2.1, of the others each client can have one
 * of its own. */
#define LINK_HOSTS 5

/* Before each input: the link does no harm, and lwIP's levels are noted. */
void link_begin(void);

/* The next `frames` are treated so; those that are late come after the one
 * behind them. */
void link_disturb(enum link_deed deed, unsigned frames);

/* Delivers all that is on its way; whether there was anything. */
bool link_deliver(void);

/* Nothing is on its way, lwIP has no connection, not even in TIME_WAIT, and
 * TCP's timer has stopped. */
bool link_is_quiet(void);

/* Everything that lwIP had is back where it was at the beginning. */
void link_check_levels(void);

#endif
