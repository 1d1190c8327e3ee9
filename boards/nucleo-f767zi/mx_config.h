/* SPDX-License-Identifier: BSD-3-Clause */
/* 512 KB of RAM: sixteen connections, eight of them in TLS, with X25519 and
 * certificates of authorities that sign with RSA. */
#ifndef TINYMX_BOARD_NUCLEO_F767ZI_H
#define TINYMX_BOARD_NUCLEO_F767ZI_H

#define MX_SESSIONS 16
#define MX_TLS_SESSIONS 8
#define MX_REFUSALS 8

#define MX_ARENA_SIZE (200ul * 1024)
#define MX_TLS_RSA 1

/* The Ethernet's ring holds eight of them; then the windows of those in TLS, and
 * of a half that wait. A frame fits into one. */
#define MX_TCP_WND (4 * MX_TCP_MSS)
#define MX_PBUF_COUNT 80
#define MX_PBUF_SIZE 1536
#define MX_LWIP_HEAP (48ul * 1024)

#define MX_SINGLE_NETIF 1

#endif
