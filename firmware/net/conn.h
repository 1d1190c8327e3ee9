/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TCP connection on lwIP's raw API, as something that can be asked.
 *
 * lwIP's callbacks only note: recv appends to a pbuf chain, err says that the
 * pcb is gone. All else is called from mx_server_poll(), never from below a
 * callback, so a connection can be closed or aborted anywhere here without
 * lwIP finding its pcb gone when it comes back (the ERR_ABRT trap).
 *
 *     wire ─► recv ─► rx chain ─► conn_in_buf() ... conn_in_ack()
 *                                                       │
 *             window opens again ◄── tcp_recved() ◄─────┘
 *
 * Bytes that are not acknowledged stay in the chain and keep the peer's window
 * closed: that is all the flow control there is, and it is enough.
 */
#ifndef TINYMX_NET_CONN_H
#define TINYMX_NET_CONN_H

#include "tinymx/server.h"

/* Takes over a connection that was just accepted; inside the core (core.h). All
 * else here enters it by itself. */
void conn_attach(struct mx_conn *c, struct tcp_pcb *pcb);
/* The same for one that was gone before it could be taken over: it is lost. */
void conn_attach_lost(struct mx_conn *c, const char *peer);

/* What limits count the peer by. False: the connection is gone. */
bool conn_prefix(const struct mx_conn *c, struct mx_prefix *prefix);

/* The next received bytes, contiguous, as far as the first pbuf goes. NULL and
 * *len 0: none. They stay until acknowledged. */
const void *conn_in_buf(const struct mx_conn *c, size_t *len);
/* Frees them and opens the peer's window by as much. */
void conn_in_ack(struct mx_conn *c, size_t len);
/* All that was received and not acknowledged. */
size_t conn_in_pending(const struct mx_conn *c);

/* The peer has sent its FIN and everything before it was acknowledged. */
bool conn_at_eof(const struct mx_conn *c);
/* There is nothing at the other end any more: reset, or lwIP gave up. */
bool conn_lost(const struct mx_conn *c);

/* Queues bytes, copied; returns how many fitted (0: try again later). */
size_t conn_write(struct mx_conn *c, const void *data, size_t len);
/* Sends what is queued. Once after a number of conn_write(). */
void conn_flush(struct mx_conn *c);

/* Sends our FIN behind what is queued; the peer may still send. Nothing can be
 * written afterwards. */
void conn_shut(struct mx_conn *c);

/* Gives the connection back to lwIP, which ends it in its own time. Unread
 * bytes would make it a reset (RFC 1122 4.2.2.13): acknowledge them first, or
 * the peer may never see our last reply. Fine when the connection is lost. */
void conn_close(struct mx_conn *c);
/* The same when there is no time for it: its last words are written, and the
 * peer has a few seconds more to read them, at the price of no session; see
 * refuse.h. */
void conn_see_off(struct mx_conn *c);
/* Resets it, now. Fine when the connection is lost. */
void conn_abort(struct mx_conn *c);

#endif
