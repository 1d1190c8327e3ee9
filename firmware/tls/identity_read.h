/* SPDX-License-Identifier: BSD-3-Clause */
/* From somebody's files into an identity: the chain, the key. */
#ifndef TINYMX_TLS_IDENTITY_READ_H
#define TINYMX_TLS_IDENTITY_READ_H

#include "tls/identity_impl.h"

#include <mbedtls/asn1.h>

/* What a reason begins with: which of the two. */
#define IN_CERT "certificate: "
#define IN_KEY "key: "

/* Keys that TLS can use here. */
#if MX_TLS_RSA
#define KEY_WITH_RSA true
#define KEY_KINDS "P-256 or RSA of 2048 bits or more"
#else
#define KEY_WITH_RSA false
#define KEY_KINDS "P-256"
#endif

#define DER_SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)

/* A SEQUENCE that fills `len` bytes, neither more nor fewer. */
bool identity_is_der(const uint8_t *der, size_t len);

/* PEM or DER, each as tinymx/identity.h has it. `impl` is initialised, and what
 * was read stays in it on error. 0, or an error of mx_identity_load() and *why. */
int identity_read_chain(struct mx_identity_impl *impl, const void *cert,
                        size_t len, const char **why);
int identity_read_key(struct mx_identity_impl *impl, const void *key,
                      size_t len, const char **why);

/* Its error, with a reason. */
static inline int identity_say(int err, const char *text, const char **why)
{
    *why = text;
    return err;
}

#endif
