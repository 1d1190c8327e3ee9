/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP gives a callback one argument, and each listener needs two things (its
 * operations and their context), so there is a table of listeners here.
 */
#include "net/listen.h"

#include "net/address.h"
#include "net/conn.h"
#include "net/core.h"
#include "net/crowd.h"
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

static struct listen_newcomer newcomer(const struct tcp_pcb *pcb)
{
    struct listen_newcomer who = {.prefix = address_prefix(pcb)};

    address_text(who.text, pcb);
    return who;
}

/* There is a place for it, or it is told why not. Inside the core. */
static err_t decide(struct tcp_pcb *pcb, struct mx_conn *c, const char *refusal)
{
    if (c == NULL) {
        MX_ASSERT(refusal != NULL);
        return refuse(pcb, refusal);
    }
    conn_attach(c, pcb);
    return ERR_OK;
}

/* --- from below lwIP ------------------------------------------------------ */

/* Here the server's sessions are another thread's if the core is shared. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct listener *l = arg;
    struct listen_newcomer who;
    const char *refusal = NULL;
    struct mx_conn *c = NULL;

    if (err != ERR_OK || pcb == NULL) {
        return ERR_VAL; /* no pcb for it: lwIP has dropped the SYN */
    }
    if (!CORE_SHARED) {
        who = newcomer(pcb);
        c = l->ops->place(l->ctx, &who, &refusal);
    }
    if (c == NULL && refusal == NULL) {
        if ((MEMP_MEM_MALLOC && !crowd_bear(MEMP_NUM_TCP_PCB)) ||
            !lobby_enter(pcb, l)) {
            tcp_abort(pcb);
            return ERR_ABRT;
        }
        core_wake();
        return ERR_OK;
    }
    return decide(pcb, c, refusal);
}

/* --- from the poll -------------------------------------------------------- */

static bool call(struct lobby_guest *guest, struct listen_newcomer *who,
                 const struct listener *l)
{
    bool found;

    core_enter();
    found = lobby_call(guest, l);
    if (found) {
        *who = newcomer(guest->pcb);
    }
    core_leave();
    return found;
}

/* Whoever looks for a place may log and see others off, and that takes time: the
 * guest may have left when it is found. */
static void seat(struct lobby_guest *guest, struct listen_newcomer *who,
                 const struct listener *l)
{
    const char *refusal = NULL;
    struct mx_conn *c = NULL;
    struct tcp_pcb *pcb;

    if (CORE_SHARED) {
        c = l->ops->place(l->ctx, who, &refusal);
    }
    if (c == NULL && refusal == NULL) {
        who->again = true;
        c = l->ops->place(l->ctx, who, &refusal);
    }
    core_enter();
    pcb = lobby_leave(guest);
    if (pcb != NULL) {
        (void)decide(pcb, c, refusal);
    }
    core_leave();
    if (CORE_SHARED && pcb == NULL && c != NULL) {
        conn_attach_lost(c, who->text);
    }
}

/* As many as there can be; those who come in meanwhile wait for the next time. */
bool listen_seat(void)
{
    struct listen_newcomer who;
    struct lobby_guest guest;
    bool any = false;

    for (struct listener *l = table; l < table + LISTENERS; l++) {
        for (unsigned n = 0; n < MEMP_NUM_TCP_PCB && call(&guest, &who, l);
             n++) {
            seat(&guest, &who, l);
            any = true;
        }
    }
    return any;
}

/* --- listeners ------------------------------------------------------------ */

static struct listener *find(const struct tcp_pcb *pcb)
{
    for (size_t i = 0; i < LISTENERS; i++) {
        if (table[i].pcb == pcb) {
            return &table[i];
        }
    }
    return NULL;
}

static int open_port(struct tcp_pcb **listener, uint16_t port,
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

int listen_open(struct tcp_pcb **listener, uint16_t port,
                const struct listen_ops *ops, void *ctx)
{
    int err;

    core_enter();
    err = open_port(listener, port, ops, ctx);
    core_leave();
    return err;
}

void listen_close(struct tcp_pcb **listener)
{
    struct lobby_guest guest;
    struct listener *l;

    if (*listener == NULL) {
        return;
    }
    core_enter();
    l = find(*listener);
    MX_ASSERT(l != NULL);
    while (lobby_call(&guest, l)) {
        tcp_abort(lobby_leave(&guest));
    }
    (void)tcp_close(l->pcb); /* of a listener: cannot fail */
    l->pcb = NULL;
    core_leave();
    *listener = NULL;
}
