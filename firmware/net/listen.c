/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP gives a callback one argument, and each listener needs two things (its
 * operations and their context), so there is a table of listeners here.
 */
#include "net/listen.h"

#include "net/address.h"
#include "net/conn.h"
#include "net/lobby.h"
#include "net/refuse.h"
#include "tinymx/err.h"
#include "util/assert.h"

#include "lwip/tcp.h"

#define LISTENERS MEMP_NUM_TCP_PCB_LISTEN

static struct listener {
    struct tcp_pcb *pcb; /* NULL: free */
    const struct listen_ops *ops;
    void *ctx;
} table[LISTENERS];

static err_t seat(struct listener *l, struct tcp_pcb *pcb, bool again)
{
    struct listen_newcomer who = {.prefix = address_prefix(pcb),
                                  .again = again};
    const char *refusal = NULL;
    struct mx_conn *c;

    address_text(who.text, pcb);
    c = l->ops->place(l->ctx, &who, &refusal);
    if (c == NULL && refusal != NULL) {
        return refuse(pcb, refusal);
    }
    if (c == NULL) {
        MX_ASSERT(!again);
        lobby_enter(pcb, l);
    } else {
        conn_attach(c, pcb);
    }
    return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    if (err != ERR_OK || pcb == NULL) {
        return ERR_VAL; /* no pcb for it: lwIP has dropped the SYN */
    }
    return seat(arg, pcb, false);
}

bool listen_seat(void)
{
    bool any = false;

    for (struct listener *l = table; l < table + LISTENERS; l++) {
        struct tcp_pcb *pcb;

        while ((pcb = lobby_leave(l)) != NULL) {
            (void)seat(l, pcb, true);
            any = true;
        }
    }
    return any;
}

static struct listener *find(const struct tcp_pcb *pcb)
{
    for (size_t i = 0; i < LISTENERS; i++) {
        if (table[i].pcb == pcb) {
            return &table[i];
        }
    }
    return NULL;
}

int listen_open(struct tcp_pcb **listener, uint16_t port,
                const struct listen_ops *ops, void *ctx)
{
    struct listener *l = find(NULL);
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    struct tcp_pcb *listening;

    if (l == NULL || pcb == NULL ||
        tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
        int err = l == NULL || pcb == NULL ? MX_ENOMEM : MX_EEXIST;

        if (pcb != NULL) {
            (void)tcp_close(pcb);
        }
        return err;
    }
    listening = tcp_listen_with_backlog(pcb, MX_SESSIONS);
    if (listening == NULL) {
        (void)tcp_close(pcb);
        return MX_ENOMEM;
    }
    *l = (struct listener){.pcb = listening, .ops = ops, .ctx = ctx};
    tcp_arg(listening, l);
    tcp_accept(listening, on_accept);
    *listener = listening;
    return 0;
}

void listen_close(struct tcp_pcb **listener)
{
    struct listener *l;
    struct tcp_pcb *pcb;

    if (*listener == NULL) {
        return;
    }
    l = find(*listener);
    MX_ASSERT(l != NULL);
    while ((pcb = lobby_leave(l)) != NULL) {
        tcp_abort(pcb);
    }
    (void)tcp_close(l->pcb); /* of a listener: cannot fail */
    l->pcb = NULL;
    *listener = NULL;
}
