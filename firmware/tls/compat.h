/* SPDX-License-Identifier: BSD-3-Clause */
/* What mbedTLS 3.6 and 4 do in different words, under names of ours. */
#ifndef TINYMX_TLS_COMPAT_H
#define TINYMX_TLS_COMPAT_H

#include "tls/need.h"

#include <mbedtls/build_info.h>
#include <mbedtls/pk.h>
#include <mbedtls/psa_util.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>
#include <psa/crypto.h>

#if MBEDTLS_VERSION_MAJOR < 4
#include <mbedtls/entropy.h>
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- the configuration --------------------------------------------------- */

/* Is mbedTLS ours alone, built with port/config? Then its PSA is, too. */
#ifdef TINYMX_MBEDTLS_CONFIG_H
#define COMPAT_OURS 1
#else
#define COMPAT_OURS 0
#endif

/* What is offered only if it is there. */
#ifdef PSA_WANT_ALG_CHACHA20_POLY1305
#define COMPAT_CHACHA 1
#else
#define COMPAT_CHACHA 0
#endif
#ifdef PSA_WANT_ECC_MONTGOMERY_255
#define COMPAT_X25519 1
#else
#define COMPAT_X25519 0
#endif

/* --- random numbers: in 4 they are always PSA's --------------------------- */

#if MBEDTLS_VERSION_MAJOR < 4
#define COMPAT_RNG , mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE
#define COMPAT_ERR_ENTROPY MBEDTLS_ERR_ENTROPY_SOURCE_FAILED

static inline void compat_conf_rng(mbedtls_ssl_config *conf)
{
    mbedtls_ssl_conf_rng(conf, mbedtls_psa_get_random,
                         MBEDTLS_PSA_RANDOM_STATE);
}
#else
#define COMPAT_RNG
#define COMPAT_ERR_ENTROPY PSA_ERROR_INSUFFICIENT_ENTROPY

static inline void compat_conf_rng(mbedtls_ssl_config *conf)
{
    (void)conf;
}
#endif

static inline int compat_pk_parse_key(mbedtls_pk_context *pk,
                                      const uint8_t *der, size_t len)
{
    return mbedtls_pk_parse_key(pk, der, len, NULL, 0 COMPAT_RNG);
}

static inline int compat_pk_check_pair(const mbedtls_pk_context *pub,
                                       const mbedtls_pk_context *prv)
{
    return mbedtls_pk_check_pair(pub, prv COMPAT_RNG);
}

static inline int compat_crt_der(mbedtls_x509write_cert *w, uint8_t *der,
                                 size_t room)
{
    return mbedtls_x509write_crt_der(w, der, room COMPAT_RNG);
}

static inline int compat_csr_pem(mbedtls_x509write_csr *w, uint8_t *pem,
                                 size_t room)
{
    return mbedtls_x509write_csr_pem(w, pem, room COMPAT_RNG);
}

/* --- the keys behind tickets ---------------------------------------------- */

#if MBEDTLS_VERSION_MAJOR < 4
static inline int compat_ticket_setup(mbedtls_ssl_ticket_context *ticket,
                                      uint32_t lifetime_s)
{
    return mbedtls_ssl_ticket_setup(ticket, mbedtls_psa_get_random,
                                    MBEDTLS_PSA_RANDOM_STATE,
                                    MBEDTLS_CIPHER_AES_256_GCM, lifetime_s);
}
#else
static inline int compat_ticket_setup(mbedtls_ssl_ticket_context *ticket,
                                      uint32_t lifetime_s)
{
    return mbedtls_ssl_ticket_setup(ticket, PSA_ALG_GCM, PSA_KEY_TYPE_AES, 256,
                                    lifetime_s);
}
#endif

#endif
