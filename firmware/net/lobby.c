/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/lobby.h"

static struct lobby_guest guests[MEMP_NUM_TCP_PCB]; /* no pcb: free */

/* Refused data lwIP keeps, and offers again. */
static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct lobby_guest *g = arg;

    (void)err;
    if (p != NULL) {
        return ERR_MEM;
    }
    (void)lobby_leave(g);
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    struct lobby_guest *g = arg;

    (void)err;
    g->pcb = NULL;
}

static void seat(struct lobby_guest *g, struct tcp_pcb *pcb, const void *owner)
{
    *g = (struct lobby_guest){.pcb = pcb, .owner = owner};
    tcp_arg(pcb, g);
    tcp_recv(pcb, on_recv);
    tcp_err(pcb, on_err);
}

bool lobby_enter(struct tcp_pcb *pcb, const void *owner)
{
    for (struct lobby_guest *g = guests; g < guests + MEMP_NUM_TCP_PCB; g++) {
        if (g->pcb == NULL) {
            seat(g, pcb, owner);
            return true;
        }
    }
    return false;
}

bool lobby_call(struct lobby_guest *guest, const void *owner)
{
    for (struct lobby_guest *g = guests; g < guests + MEMP_NUM_TCP_PCB; g++) {
        if (g->pcb != NULL && g->owner == owner) {
            seat(guest, g->pcb, owner);
            g->pcb = NULL;
            return true;
        }
    }
    return false;
}

struct tcp_pcb *lobby_leave(struct lobby_guest *guest)
{
    struct tcp_pcb *pcb = guest->pcb;

    if (pcb != NULL) {
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_err(pcb, NULL);
        guest->pcb = NULL;
    }
    return pcb;
}
