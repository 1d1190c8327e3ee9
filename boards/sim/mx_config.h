/* SPDX-License-Identifier: BSD-3-Clause */
/* The simulator's sizes: a PC has room, so that many peers can be tried at
 * once, but the TCP window stays a device's: backpressure is part of what the
 * simulator shows. */
#ifndef TINYMX_BOARD_SIM_H
#define TINYMX_BOARD_SIM_H

#define MX_SESSIONS 32
#define MX_TLS_SESSIONS 16
#define MX_REFUSALS 8
#define MX_LISTENERS 4
#define MX_POP3_MESSAGES 4096
#define MX_SPOOL_OPEN 8

#define MX_ARENA_SIZE (1024ul * 1024)
#define MX_TLS_OUT_MAX 4096
#define MX_TLS_RSA 1
#define MX_TLS_PREFER_CHACHA 0
#define MX_CERT_MAX 65536

#define MX_TCP_WND (8 * MX_TCP_MSS)
#define MX_TCP_SND_BUF (4 * MX_TCP_MSS)
#define MX_PBUF_COUNT 512
#define MX_PBUF_SIZE 1536
#define MX_LWIP_HEAP (256ul * 1024)

/* Names of files are typed here. */
#define MX_CONSOLE_LINE_MAX 1024

#endif
