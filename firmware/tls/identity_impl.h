/* SPDX-License-Identifier: BSD-3-Clause */
/* What struct mx_identity points to. */
#ifndef TINYMX_TLS_IDENTITY_IMPL_H
#define TINYMX_TLS_IDENTITY_IMPL_H

#include "tinymx/identity.h"
#include "tls/compat.h"

struct mx_identity_impl {
    /* The leaf is parsed. Those behind it are only sent: they have raw bytes
     * and nothing else, since their keys and signatures may be of a kind that
     * this build does not have (RSA, P-384). */
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
    unsigned chain_len;
};

/* The dates of a certificate against a clock (0: none), in the words of enum
 * mx_identity_flag. */
unsigned identity_check_dates(const mbedtls_x509_crt *crt, int64_t now_s);

/* Why a certificate did not parse: mbedTLS's code as one of ours, and a
 * sentence. */
int identity_explain(int ret, const char **why);

#endif
