/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/reuse.h"

#include "lwip/prot/tcp.h"
#include "lwip/tcp.h"

err_t reuse_port(struct tcp_pcb *pcb, const struct tcp_hdr *header)
{
    if (pcb->state != TIME_WAIT ||
        (TCPH_FLAGS(header) & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN) {
        return ERR_OK;
    }
    tcp_abort(pcb); /* in TIME_WAIT: nobody is told, nothing is sent */
    return ERR_ABRT;
}
