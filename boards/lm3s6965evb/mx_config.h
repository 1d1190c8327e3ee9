/* SPDX-License-Identifier: BSD-3-Clause */
/* 64 KB of RAM for everything: three connections, two of them in TLS. */
#ifndef TINYMX_BOARD_LM3S6965EVB_H
#define TINYMX_BOARD_LM3S6965EVB_H

#define MX_SESSIONS 3
#define MX_TLS_SESSIONS 2
#define MX_REFUSALS 2

/* QEMU's network shows every peer that comes over loopback as 10.0.2.2: what is
 * meant for one would be for all. */
#define MX_PEER_SESSIONS 0xffff
#define MX_PEER_CONNECTS 0xffff
#define MX_PEER_HANDSHAKES 0xffff
#define MX_PEERS 8

#define MX_ARENA_SIZE (38ul * 1024 + 768)
#define MX_TLS_P256M 1
#define MX_TLS_SHA384 0
/* A certificate, not a chain: with a longer one two handshakes at once would not
 * fit into the arena. */
#define MX_TLS_OUT_MAX 704
#define MX_CERT_MAX 1536

/* Two full windows, and three more for whoever else wants something. */
#define MX_PBUF_COUNT 25
#define MX_LWIP_HEAP (2ul * 1024 + 512)
#define MX_TCP_SEG_COUNT 24

#define MX_RECENT 2
#define MX_RECENT_NAME 24

#define MX_SINGLE_NETIF 1
#define MX_DNS 0 /* no block lists */

#endif
