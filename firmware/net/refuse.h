/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Telling a newcomer that there is no place, at the price of one tcp_pcb and
 * no session: write, send our FIN, throw away what comes, until the peer's FIN
 * or a few seconds have passed. So a full house still answers 421 and does not
 * look like a dead one (RFC 5321 3.1, 4.5.3.2).
 */
#ifndef TINYMX_NET_REFUSE_H
#define TINYMX_NET_REFUSE_H

#include "lwip/tcp.h"

/* Inside the core (core.h). From an accept callback this is what it has to
 * return. `text` is static, or "" to close without a word. Beyond MX_REFUSALS at
 * once the newcomer is reset. */
err_t refuse(struct tcp_pcb *pcb, const char *text);

/* The same, inside the core too, for a connection whose last words are written already. */
err_t refuse_more(struct tcp_pcb *pcb);

#endif
