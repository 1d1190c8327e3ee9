/* SPDX-License-Identifier: BSD-3-Clause */
/* The fuzzers' sizes: those of a small device, so that every pool can run dry;
 * what only large ones have (RSA, SHA-384, long chains) is there too. */
#ifndef TINYMX_FUZZ_CONFIG_H
#define TINYMX_FUZZ_CONFIG_H

/* Clients and server share one lwIP, and its pcbs with it. */
#define MX_SESSIONS 6
#define MX_TLS_SESSIONS 2
#define MX_REFUSALS 2

/* Room for two handshakes, with pointers of 8 bytes and ASan's red zones; a
 * script can take some of it away. */
#define MX_ARENA_SIZE (60ul * 1024)
#define MX_TLS_RSA 1
#define MX_CERT_MAX 8192

/* Values are cut off soon. */
#define MX_PEEK_MAX 40

#define MX_PBUF_COUNT 64

/* The link has IPv4; the timers of the other would be most of the time. */
#define MX_IPV6 0

#endif
