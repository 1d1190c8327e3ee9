/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A listening port. Whoever opens it says, for each newcomer, where the
 * connection is to live, or why it is not to: then the newcomer is told so and
 * closed, without ever becoming a session.
 */
#ifndef TINYMX_NET_LISTEN_H
#define TINYMX_NET_LISTEN_H

#include "tinymx/server.h"

struct listen_newcomer {
    struct mx_prefix prefix;
    char text[MX_PEER_TEXT];
    bool again; /* it was asked before, and there is time for work */
};

struct listen_ops {
    /* A place for a connection, filled by conn_attach() as soon as it is
     * returned; or NULL, and in *refusal what the newcomer is sent: static, ""
     * for nothing. Asked from below lwIP first, where the core is not shared
     * (core.h); where there is work to be done for a place, *refusal stays as it
     * is, and listen_seat() asks again. */
    struct mx_conn *(*place)(void *ctx, const struct listen_newcomer *who,
                             const char **refusal);
};

/* Listens on every address of the device, IPv4 and IPv6. `ops` is kept.
 * 0, MX_EEXIST: the port is taken, MX_ENOMEM. */
int listen_open(struct tcp_pcb **listener, uint16_t port,
                const struct listen_ops *ops, void *ctx);
/* Asks again for all that wait. True: there were any, and nobody waits now. */
bool listen_seat(void);
void listen_close(struct tcp_pcb **listener);

#endif
