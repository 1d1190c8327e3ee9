/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A listening port. Whoever opens it says, for each newcomer, where the
 * connection is to live; where there is no place the newcomer is told so and
 * closed, without ever becoming a session.
 */
#ifndef TINYMX_NET_LISTEN_H
#define TINYMX_NET_LISTEN_H

#include "tinymx/server.h"

struct listen_ops {
    /* A place for a connection, or NULL: there is none. Called from lwIP; the
     * place is filled by conn_attach() as soon as it is returned. */
    struct mx_conn *(*place)(void *ctx);
    /* What a newcomer without a place is sent; static. NULL: nothing. */
    const char *(*refusal)(void);
};

/* Listens on every address of the device, IPv4 and IPv6. `ops` is kept.
 * 0, MX_EEXIST: the port is taken, MX_ENOMEM. */
int listen_open(struct tcp_pcb **listener, uint16_t port,
                const struct listen_ops *ops, void *ctx);
void listen_close(struct tcp_pcb **listener);

#endif
