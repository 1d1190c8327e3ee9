/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory enough: sixteen connections, eight of them in TLS, and everything in
 * it that can be had. */
#ifndef TINYMX_BOARD_MPS2_AN386_H
#define TINYMX_BOARD_MPS2_AN386_H

#define MX_SESSIONS 16
#define MX_TLS_SESSIONS 8
#define MX_REFUSALS 8

/* QEMU's network shows every peer that comes over loopback as 10.0.2.2: what is
 * meant for one would be for all. */
#define MX_PEER_SESSIONS 0xffff
#define MX_PEER_CONNECTS 0xffff
#define MX_PEER_HANDSHAKES 0xffff

#define MX_ARENA_SIZE (256ul * 1024)
#define MX_TLS_RSA 1

/* The store has 16 MB, and the spool keeps room to move what was written at the
 * same time: eight of the largest are half of it. */
#define MX_MESSAGE_MAX (1024ul * 1024)
#define MX_SPOOL_OPEN 8

/* All windows full, and a half for whoever else wants something. */
#define MX_TCP_WND (4 * MX_TCP_MSS)
#define MX_PBUF_COUNT 96
#define MX_PBUF_SIZE 1536
#define MX_LWIP_HEAP (64ul * 1024)

#define MX_SINGLE_NETIF 1

#endif
