/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What mbedTLS must be configured with. Ours (port/config) is; a project with
 * an mbedTLS of its own, as ESP-IDF's, learns from the compiler what it lacks,
 * where otherwise handshakes would fail for no visible reason.
 */
#ifndef TINYMX_TLS_NEED_H
#define TINYMX_TLS_NEED_H

#include "tinymx/config.h"

#include <mbedtls/build_info.h>
#include <mbedtls/ssl.h>
#include <psa/crypto.h>

/* --- versions, suites ----------------------------------------------------- */

#ifndef MBEDTLS_SSL_SRV_C
#error "mbedTLS has no server: MBEDTLS_SSL_SRV_C"
#endif
#if !defined(MBEDTLS_SSL_PROTO_TLS1_2) || !defined(MBEDTLS_SSL_PROTO_TLS1_3)
#error "both versions are offered: MBEDTLS_SSL_PROTO_TLS1_2, _TLS1_3"
#endif
#if !defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED) ||        \
    !defined(MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED)
#error "mbedTLS has no ECDHE: ..._KEY_EXCHANGE_MODE_EPHEMERAL, _ECDHE_ECDSA"
#endif
#if !defined(PSA_WANT_ALG_GCM) || !defined(PSA_WANT_KEY_TYPE_AES)
#error "mbedTLS has no AES-GCM"
#endif
#if MX_TLS_SHA384 && !defined(PSA_WANT_ALG_SHA_384)
#error "MX_TLS_SHA384 is 1, but mbedTLS has no SHA-384"
#endif
#if MX_TLS_RSA && (!defined(PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY) ||               \
                   !defined(MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED))
#error "MX_TLS_RSA is 1, but mbedTLS has no RSA, or no ECDHE with it"
#endif

/* --- sessions ------------------------------------------------------------- */

#if !defined(MBEDTLS_SSL_SESSION_TICKETS) || !defined(MBEDTLS_SSL_TICKET_C)
#error "mbedTLS has no tickets: MBEDTLS_SSL_SESSION_TICKETS, _TICKET_C"
#endif
/* To see that a client had shown one. */
#ifndef MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
#error "mbedTLS forgets certificates: MBEDTLS_SSL_KEEP_PEER_CERTIFICATE"
#endif
/* It makes the input buffer as small as the output buffer. */
#ifdef MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH
#error "not with MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH"
#endif
_Static_assert(MBEDTLS_SSL_IN_CONTENT_LEN >= MX_TLS_IN_MAX,
               "mbedTLS takes records of MX_TLS_IN_MAX");
_Static_assert(MBEDTLS_SSL_OUT_CONTENT_LEN >= MX_TLS_OUT_MAX,
               "a chain that MX_TLS_OUT_MAX admits fits mbedTLS's buffer");

/* PSA's keys: five for a session in a TLS 1.3 handshake, two for tickets, one
 * for the identity, the rest for what lives within a call. */
#ifndef MBEDTLS_PSA_KEY_STORE_DYNAMIC
_Static_assert(MBEDTLS_PSA_KEY_SLOT_COUNT >= MX_TLS_SESSIONS * 5 + 6,
               "PSA has a slot for every key");
#endif

/* --- an identity of one's own -------------------------------------------- */

#if !defined(MBEDTLS_X509_CRT_WRITE_C) || !defined(MBEDTLS_X509_CSR_WRITE_C)
#error "mbedTLS writes no certificates: MBEDTLS_X509_CREATE_C, _CRT_, _CSR_"
#endif
#if !defined(MBEDTLS_PEM_WRITE_C) || !defined(MBEDTLS_BASE64_C)
#error "mbedTLS writes no PEM: MBEDTLS_PEM_WRITE_C, MBEDTLS_BASE64_C"
#endif

#endif
