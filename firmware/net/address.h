/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a peer comes from: as text, and as what limits count by. */
#ifndef TINYMX_NET_ADDRESS_H
#define TINYMX_NET_ADDRESS_H

#include "tinymx/server.h"

/* "192.0.2.1" or "IPv6:2001:db8::1" (RFC 5321 4.1.3, RFC 5952). */
void address_text(char text[MX_PEER_TEXT], const struct tcp_pcb *pcb);

struct mx_prefix address_prefix(const struct tcp_pcb *pcb);

static inline bool address_same(const struct mx_prefix *a,
                                const struct mx_prefix *b)
{
    return a->half[0] == b->half[0] && a->half[1] == b->half[1];
}

#endif
