/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A peer that comes again from the port of its last connection.
 *
 * We close first, so the old connection is in TIME_WAIT here, for two minutes.
 * lwIP answers the new SYN with the old connection's ACK, the peer resets that,
 * TIME_WAIT takes no reset (RFC 1337), and so on until it is over. RFC 1122
 * 4.2.2.13 lets a new SYN end TIME_WAIT, and that is done here: the old pcb is
 * forgotten, and the SYN dropped with it; the next one, a second later, finds
 * the listener.
 *
 * lwIP calls it, as LWIP_HOOK_TCP_INPACKET_PCB of port/config/lwipopts.h.
 */
#ifndef TINYMX_NET_REUSE_H
#define TINYMX_NET_REUSE_H

#include "lwip/err.h"

struct tcp_pcb;
struct tcp_hdr;

/* ERR_OK: lwIP goes on with the segment. */
err_t reuse_port(struct tcp_pcb *pcb, const struct tcp_hdr *header);

#endif
