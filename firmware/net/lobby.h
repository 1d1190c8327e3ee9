/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where newcomers are between lwIP's callback, which may do no work, and the
 * poll that finds them a place or says no. Nobody is left here after a poll, so
 * there is no order to keep, and every pcb there is has room.
 */
#ifndef TINYMX_NET_LOBBY_H
#define TINYMX_NET_LOBBY_H

#include "lwip/tcp.h"

/* To be called from an accept callback. What the peer says stays with lwIP; if
 * it leaves, it is gone from here too. */
void lobby_enter(struct tcp_pcb *pcb, const void *owner);

/* One of this owner's, for the caller to go on with. NULL: none is here. */
struct tcp_pcb *lobby_leave(const void *owner);

#endif
