/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where newcomers are between lwIP's callback, which may do no work, and the
 * poll that finds them a place or says no. Whoever is there when a poll comes by
 * is gone after it, so there is no order to keep. Every pcb of a pool has room;
 * where pcbs are of the heap (ESP-IDF's lwIP) there may be more of them.
 *
 *     on_accept ─► lobby_enter() ─► lobby_call() ─ is there a place? ─► lobby_leave()
 *
 * All of it inside the core; between the last two the core may be left, and the
 * newcomer may go.
 */
#ifndef TINYMX_NET_LOBBY_H
#define TINYMX_NET_LOBBY_H

#include "lwip/tcp.h"

#include <stdbool.h>

struct lobby_guest {
    struct tcp_pcb *pcb; /* NULL: has gone */
    const void *owner;
};

/* To be called from an accept callback. What the peer says stays with lwIP; if
 * it leaves, it is gone from here too. False: there is no room. */
bool lobby_enter(struct tcp_pcb *pcb, const void *owner);

/* One of this owner's, if one is here, moves to `guest`, which stays where it is
 * until lobby_leave(). False: none is here. */
bool lobby_call(struct lobby_guest *guest, const void *owner);

/* It is the caller's from here on. NULL: it has gone meanwhile. */
struct tcp_pcb *lobby_leave(struct lobby_guest *guest);

#endif
