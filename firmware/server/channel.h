/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the engine reads from and writes to: the connection itself, or TLS on
 * top of it, behind one face. Also the TLS slots.
 */
#ifndef TINYMX_SERVER_CHANNEL_H
#define TINYMX_SERVER_CHANNEL_H

#include "server/session.h"

/* Plaintext for the engine, as conn_in_buf() and mx_tls_in_buf(). */
const void *channel_in_buf(struct mx_session *s, size_t *len);
void channel_in_ack(struct mx_session *s, size_t len);

/* Gives back what the engine took, when it no longer points into it. */
void channel_return(struct mx_session *s);

/* Plaintext from the engine; returns how much was taken. */
size_t channel_write(struct mx_session *s, const void *data, size_t len);

/* Moves records between TLS and the connection: out, or both ways. True: some
 * moved. */
bool channel_send(struct mx_session *s);
bool channel_pump(struct mx_session *s);

/* Nothing more will come in, ever. To be asked when all that came is done with:
 * a FIN without close_notify fails the TLS session here, and it says no more. */
bool channel_at_end(struct mx_session *s);
/* Everything written so far is with lwIP. Call channel_send() first. */
bool channel_sent(struct mx_session *s);

/* Takes a TLS slot and begins a handshake in it. False: there is none now, or
 * the arena has no room for it, or somebody has been waiting longer. */
bool channel_start_tls(struct mx_server *srv, struct mx_session *s);
/* Gives the slot back. Fine when there is none. */
void channel_end_tls(struct mx_server *srv, struct mx_session *s);

#endif
