/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * menuconfig's values as tinymx/config.h has them, by way of MX_CONFIG_FILE. What
 * decides for lwIP and mbedTLS here is ESP-IDF's own menus: it is repeated, so
 * that both sides agree.
 */
#ifndef TINYMX_IDF_CONFIG_H
#define TINYMX_IDF_CONFIG_H

#include "sdkconfig.h"

#ifndef CONFIG_LWIP_TCPIP_CORE_LOCKING
#error "tinymx needs lwIP's core lock: CONFIG_LWIP_TCPIP_CORE_LOCKING=y \
(menuconfig: Component config, LWIP, Enable tcpip core locking)"
#endif
#ifdef CONFIG_MBEDTLS_DYNAMIC_BUFFER
#error "with CONFIG_MBEDTLS_DYNAMIC_BUFFER handshakes stall: switch it off \
(menuconfig: Component config, mbedTLS)"
#endif

#define MX_SESSIONS CONFIG_TINYMX_SESSIONS
#define MX_TLS_SESSIONS CONFIG_TINYMX_TLS_SESSIONS
#define MX_REFUSALS CONFIG_TINYMX_REFUSALS
#define MX_MESSAGE_MAX CONFIG_TINYMX_MESSAGE_MAX
#define MX_SPOOL_OPEN CONFIG_TINYMX_SPOOL_OPEN

#ifndef CONFIG_TINYMX_PEER_LIMITS
#define MX_PEER_SESSIONS 0xffff
#define MX_PEER_CONNECTS 0xffff
#define MX_PEER_HANDSHAKES 0xffff
#endif

#ifdef CONFIG_TINYMX_TLS_RSA
#define MX_TLS_RSA 1
#else
#define MX_TLS_RSA 0
#endif

#ifdef CONFIG_TINYMX_DNS
#define MX_DNS 1
#else
#define MX_DNS 0
#endif

/* --- lwIP's ---------------------------------------------------------------- */

#define MX_TCP_MSS CONFIG_LWIP_TCP_MSS
#define MX_TCP_WND CONFIG_LWIP_TCP_WND_DEFAULT
#define MX_TCP_SND_BUF CONFIG_LWIP_TCP_SND_BUF_DEFAULT

#ifdef CONFIG_LWIP_IPV6
#define MX_IPV6 1
#else
#define MX_IPV6 0
#endif

/* --- mbedTLS's ------------------------------------------------------------- */

#ifdef CONFIG_MBEDTLS_ASYMMETRIC_CONTENT_LEN
#define MX_TLS_IN_MAX CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN
#define MX_TLS_OUT_MAX CONFIG_MBEDTLS_SSL_OUT_CONTENT_LEN
#else
#define MX_TLS_IN_MAX CONFIG_MBEDTLS_SSL_MAX_CONTENT_LEN
#define MX_TLS_OUT_MAX CONFIG_MBEDTLS_SSL_MAX_CONTENT_LEN
#endif

#endif
