/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mbedTLS 3.6 or 4 as tinymx uses it, derived from tinymx/config.h: a TLS 1.2
 * and 1.3 server with ECDHE and AEAD, X.509 for one identity, PSA for all of the
 * cryptography. What is not here is off.
 *
 * Both of mbedTLS's configuration files are this one. In 4 the cryptography has a
 * version of its own, which is defined when it reads this.
 */
#ifndef TINYMX_MBEDTLS_CONFIG_H
#define TINYMX_MBEDTLS_CONFIG_H

#include "tinymx/config.h"

#include <stddef.h>
#include <stdint.h>

/* --- platform: ours (firmware/tls) -------------------------------------- */

#define MBEDTLS_PLATFORM_C

/* All memory comes from the arena. */
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO mx_arena_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO mx_arena_free
void *mx_arena_calloc(size_t count, size_t size);
void mx_arena_free(void *ptr);

/* Time means age here: of a ticket, of the key behind it. Both are counted
 * from boot, since neither outlives it; the calendar plays no part
 * (MBEDTLS_HAVE_TIME_DATE is off, mx_identity_check() looks at dates). */
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_PLATFORM_TIME_TYPE_MACRO int64_t
#define MBEDTLS_PLATFORM_TIME_MACRO mx_tls_uptime_s
#define MBEDTLS_PLATFORM_MS_TIME_ALT
int64_t mx_tls_uptime_s(int64_t *out);

#ifdef TF_PSA_CRYPTO_VERSION_MAJOR
#define MBEDTLS_PSA_DRIVER_GET_ENTROPY
#else
#define MBEDTLS_ENTROPY_C
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_ENTROPY_HARDWARE_ALT
#define MBEDTLS_ENTROPY_MAX_SOURCES 1
#endif
#define MBEDTLS_CTR_DRBG_C

#define MBEDTLS_HAVE_ASM
#if defined(__x86_64__)
#define MBEDTLS_AESNI_C
#endif

/* --- cryptography ------------------------------------------------------- */

#define MBEDTLS_PSA_CRYPTO_C
#ifndef TF_PSA_CRYPTO_VERSION_MAJOR
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_CONFIG_FILE <mbedtls_config.h>
#define MBEDTLS_USE_PSA_CRYPTO
#endif
/* One thread and no shared buffers: without this, TLS copies every record to
 * the heap and back. */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
/* A session in a TLS 1.3 handshake has up to five keys; two for tickets, one
 * for the identity, the rest for what lives within a call. */
#define MBEDTLS_PSA_KEY_SLOT_COUNT (MX_TLS_SESSIONS * 5 + 6)

#define PSA_WANT_ALG_SHA_256 1
#if MX_TLS_SHA384
#define PSA_WANT_ALG_SHA_384 1
#endif
#define PSA_WANT_ALG_HMAC 1
#define PSA_WANT_ALG_HKDF 1
#define PSA_WANT_ALG_HKDF_EXTRACT 1
#define PSA_WANT_ALG_HKDF_EXPAND 1
#define PSA_WANT_ALG_TLS12_PRF 1
#define PSA_WANT_ALG_ECDH 1
#define PSA_WANT_ALG_ECDSA 1
#define PSA_WANT_ALG_GCM 1
#define PSA_WANT_ALG_CHACHA20_POLY1305 1
#define PSA_WANT_KEY_TYPE_AES 1
#define PSA_WANT_KEY_TYPE_CHACHA20 1
#define PSA_WANT_KEY_TYPE_HMAC 1
#define PSA_WANT_KEY_TYPE_DERIVE 1
#define PSA_WANT_KEY_TYPE_RAW_DATA 1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_ECC_SECP_R1_256 1

/* P-256 by p256-m: smaller, less RAM, slower, and no X25519 beside it. */
#if MX_TLS_P256M
#define MBEDTLS_PSA_P256M_DRIVER_ENABLED
/* Without any classic elliptic curve ecp.h takes the longest key for one bit
 * and ECDHE of TLS 1.2 fails. This brings the size back; no PSK suite is
 * offered. */
#define MBEDTLS_KEY_EXCHANGE_PSK_ENABLED
#else
#define PSA_WANT_ECC_MONTGOMERY_255 1
#define MBEDTLS_ECP_NIST_OPTIM
#endif

#if MX_TLS_RSA
#define PSA_WANT_ALG_RSA_PSS 1
#define PSA_WANT_ALG_RSA_PKCS1V15_SIGN 1
#ifdef TF_PSA_CRYPTO_VERSION_MAJOR /* demanded there, and unused */
#define PSA_WANT_ALG_RSA_OAEP 1
#define PSA_WANT_ALG_RSA_PKCS1V15_CRYPT 1
#endif
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT 1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_EXPORT 1
/* A 4096-bit key. */
#define MBEDTLS_MPI_MAX_SIZE 512
#endif

/* Tables in flash; eight KB of RAM otherwise. */
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT

/* --- X.509 -------------------------------------------------------------- */

#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#ifndef TF_PSA_CRYPTO_VERSION_MAJOR
#define MBEDTLS_OID_C
#endif
#define MBEDTLS_BASE64_C
#define MBEDTLS_PEM_WRITE_C
#define MBEDTLS_MD_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PK_WRITE_C
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_CREATE_C
#define MBEDTLS_X509_CRT_WRITE_C
#define MBEDTLS_X509_CSR_WRITE_C
#define MBEDTLS_X509_REMOVE_INFO
#if MX_TLS_RSA
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#endif

/* --- TLS ---------------------------------------------------------------- */

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_SRV_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#if MX_TLS_RSA
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#endif
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
/* Resumption with a fresh key exchange; never without one. */
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
#define MBEDTLS_SSL_RECORD_SIZE_LIMIT
#define MBEDTLS_SSL_SESSION_TICKETS
#define MBEDTLS_SSL_TICKET_C

/* MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH stays off: it shrinks the input buffer
 * to the size of the output buffer. */
/* mbedTLS's own order of suites, a long list, is never used: firmware/tls sets
 * its own. */
#define MBEDTLS_SSL_CIPHERSUITES MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256

#define MBEDTLS_SSL_IN_CONTENT_LEN MX_TLS_IN_MAX
#define MBEDTLS_SSL_OUT_CONTENT_LEN MX_TLS_OUT_MAX

#endif
