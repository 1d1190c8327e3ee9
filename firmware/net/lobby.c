/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/lobby.h"

#include "util/assert.h"

static struct guest {
    struct tcp_pcb *pcb; /* NULL: free */
    const void *owner;
} guests[MEMP_NUM_TCP_PCB];

static struct tcp_pcb *see_out(struct guest *g)
{
    struct tcp_pcb *pcb = g->pcb;

    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    g->pcb = NULL;
    return pcb;
}

/* Refused data lwIP keeps, and offers again. */
static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct guest *g = arg;

    (void)err;
    if (p != NULL) {
        return ERR_MEM;
    }
    (void)see_out(g);
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    struct guest *g = arg;

    (void)err;
    g->pcb = NULL;
}

void lobby_enter(struct tcp_pcb *pcb, const void *owner)
{
    struct guest *g = guests;

    while (g < guests + MEMP_NUM_TCP_PCB && g->pcb != NULL) {
        g++;
    }
    MX_ASSERT(g < guests + MEMP_NUM_TCP_PCB); /* more than there are pcbs */
    *g = (struct guest){.pcb = pcb, .owner = owner};
    tcp_arg(pcb, g);
    tcp_recv(pcb, on_recv);
    tcp_err(pcb, on_err);
}

struct tcp_pcb *lobby_leave(const void *owner)
{
    for (struct guest *g = guests; g < guests + MEMP_NUM_TCP_PCB; g++) {
        if (g->pcb != NULL && g->owner == owner) {
            return see_out(g);
        }
    }
    return NULL;
}
