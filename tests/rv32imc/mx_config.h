/* SPDX-License-Identifier: BSD-3-Clause */
/* What menuconfig begins with (port/esp-idf/Kconfig, and ESP-IDF's for lwIP), for
 * code that nobody runs. The memory of lwIP and mbedTLS is on ESP-IDF's heap, and
 * counted there. */
#ifndef TINYMX_RV32IMC_H
#define TINYMX_RV32IMC_H

#define MX_SESSIONS 8
#define MX_TLS_SESSIONS 4
#define MX_REFUSALS 4
#define MX_MESSAGE_MAX (512ul * 1024)
#define MX_SPOOL_OPEN 2

#define MX_TLS_IN_MAX 16384
#define MX_TLS_OUT_MAX 4096
#define MX_TLS_RSA 1

#define MX_TCP_MSS 1440
#define MX_TCP_WND 5760
#define MX_TCP_SND_BUF 5760

#endif
