/* SPDX-License-Identifier: BSD-3-Clause */
/* One connection, in TLS or not, in the least RAM that it fits into. */
#ifndef TINYMX_BOARD_LM3S6965EVB_ONE_H
#define TINYMX_BOARD_LM3S6965EVB_ONE_H

#define MX_SESSIONS 1
#define MX_TLS_SESSIONS 1
#define MX_REFUSALS 1

/* In QEMU's user network every peer looks like 10.0.2.2. */
#define MX_PEER_SESSIONS 0xffff
#define MX_PEER_CONNECTS 0xffff
#define MX_PEER_HANDSHAKES 0xffff
#define MX_PEERS 1

/* A record of 16 KB, a handshake with a ticket, the largest certificate. */
#define MX_ARENA_SIZE 20640ul
#define MX_TLS_P256M 1
#define MX_TLS_SHA384 0
#define MX_TLS_OUT_MAX 640 /* a certificate, not a chain: see the arena */
#define MX_CERT_MAX 1536

#define MX_SPOOL_OPEN 1

/* A full window takes 12, in segments of the largest size. lwIP wants as many
 * as hold one with headers in every buffer: five are for whoever knocks. */
#define MX_PBUF_COUNT 17
/* The longest flight of a handshake, about 1.1 KB with its headers, and a reply
 * to somebody else. */
#define MX_LWIP_HEAP 1536
#define MX_TCP_SEG_COUNT 10

#define MX_RECENT 1
#define MX_RECENT_NAME 24

#define MX_SINGLE_NETIF 1
#define MX_DNS 0 /* no block lists */

#endif
