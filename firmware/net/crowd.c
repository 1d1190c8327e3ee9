/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/crowd.h"

#include "lwip/priv/tcp_priv.h"

static unsigned count(const struct tcp_pcb *pcb)
{
    unsigned n = 0;

    for (; pcb != NULL; pcb = pcb->next) {
        n++;
    }
    return n;
}

/* lwIP puts the newest in front. */
static struct tcp_pcb *last(struct tcp_pcb *pcb)
{
    while (pcb->next != NULL) {
        pcb = pcb->next;
    }
    return pcb;
}

bool crowd_bear(unsigned most)
{
    unsigned active = count(tcp_active_pcbs);
    unsigned waiting = count(tcp_tw_pcbs);

    for (; waiting > 0 && active + waiting > most; waiting--) {
        tcp_abort(last(tcp_tw_pcbs)); /* in TIME_WAIT: nothing is sent */
    }
    return active <= most;
}
