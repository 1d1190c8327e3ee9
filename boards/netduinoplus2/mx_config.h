/* SPDX-License-Identifier: BSD-3-Clause */
/* 128 KB of RAM, and a line that brings 10 KB a second: four connections, two of
 * them in TLS, with X25519 and certificates of authorities that sign with RSA. */
#ifndef TINYMX_BOARD_NETDUINOPLUS2_H
#define TINYMX_BOARD_NETDUINOPLUS2_H

#define MX_SESSIONS 4
#define MX_TLS_SESSIONS 2
#define MX_REFUSALS 2

/* QEMU's network shows every peer that comes over loopback as 10.0.2.2: what is
 * meant for one would be for all. */
#define MX_PEER_SESSIONS 0xffff
#define MX_PEER_CONNECTS 0xffff
#define MX_PEER_HANDSHAKES 0xffff

#define MX_ARENA_SIZE (52ul * 1024)
#define MX_TLS_RSA 1

#define MX_LWIP_HEAP (6ul * 1024)

#define MX_SINGLE_NETIF 1
#define MX_IPV6 0 /* port/cortexm/link_slip.c */

#endif
