/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who the device is: one private key and one certificate chain, for the host
 * name in its MX record.
 *
 * The name to check is the one a sender looks up: the MX host name, as a SAN
 * dNSName (RFC 9525). Neither the mail domain nor what HELO says nor the
 * subject's common name has a part in it.
 *
 * Lives in mbedTLS's arena (see tls.h); call mx_tls_arena_init() first.
 */
#ifndef TINYMX_IDENTITY_H
#define TINYMX_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinymx/config.h"

/* Contents private to firmware/tls. */
struct mx_identity_impl;
struct mx_identity {
    struct mx_identity_impl *impl; /* NULL: none loaded */
};

/* Reads a chain (leaf first) and its private key, each PEM or DER; a PEM's
 * closing NUL need not be there and need not be counted. The bytes are not
 * needed afterwards.
 * 0; MX_EFORMAT: one does not parse; MX_ENOTSUP: a kind of key that this build
 * does not have, or that no TLS suite here can use; MX_EMISMATCH: the key is
 * not the certificate's; MX_ENOMEM. On error nothing is loaded, and *why (if
 * not NULL) is a static sentence saying which of the two files and what. */
int mx_identity_load(struct mx_identity *id, const void *cert, size_t cert_len,
                     const void *key, size_t key_len, const char **why);

void mx_identity_free(struct mx_identity *id);

/* Makes a P-256 key and a self-signed certificate: SAN dNSName `mx_name`,
 * serverAuth, random serial, valid ten years from `now_s` (or, without a clock,
 * from 2025 to 9999). Both are written as PEM with a closing NUL.
 * `cert` holds MX_IDENTITY_CERT_MAX bytes, `key` MX_IDENTITY_KEY_MAX.
 * 0, MX_EINVAL: not a host name, MX_EENTROPY, MX_ENOMEM. */
#define MX_IDENTITY_CERT_MAX 1152 /* enough for a name of 253 octets */
#define MX_IDENTITY_KEY_MAX 256
int mx_identity_make(const char *mx_name, int64_t now_s, char *cert, char *key);

/* What does not fit, or-ed; 0: all is well. */
enum mx_identity_flag {
    MX_ID_NO_SAN = 1,       /* no SAN dNSName at all; a CN does not count */
    MX_ID_WRONG_NAME = 2,   /* names there are, the MX name is not among them */
    MX_ID_WILDCARD = 4,     /* it matches by a wildcard: works, discouraged */
    MX_ID_EXPIRED = 8,      /* by the clock given */
    MX_ID_NOT_YET = 16,     /* valid only later, by the clock given */
    MX_ID_NO_CLOCK = 32,    /* dates were not checked: now_s was 0 */
    MX_ID_SELF_SIGNED = 64, /* verifies by DANE only (RFC 7672) */
};
/* With any of these TLS is not offered, unless the owner says so. */
#define MX_ID_FATAL (MX_ID_NO_SAN | MX_ID_WRONG_NAME)

/* Checks the leaf against the MX host name and the clock (0: no clock).
 * RFC 9525 6.3: whole names compared without regard to case; `*` only as the
 * whole left-most label, standing for exactly one label. */
unsigned mx_identity_check(const struct mx_identity *id, const char *mx_name,
                           int64_t now_s);

/* A plain sentence for one flag of the above: what is wrong, what to do. */
const char *mx_identity_advice(enum mx_identity_flag flag);

/* SHA-256 of the leaf's SubjectPublicKeyInfo: the data of a TLSA 3 1 1 record
 * (RFC 7672 3.1.1). 0, or MX_EINVAL when nothing is loaded. */
int mx_identity_spki_sha256(const struct mx_identity *id, uint8_t out[32]);

/* Facts of the leaf for the owner. Static until the identity is freed. */
struct mx_identity_facts {
    char name[128];    /* first SAN dNSName, or "" */
    char key_type[16]; /* "P-256", "RSA-2048" */
    int64_t not_before_s;
    int64_t not_after_s;
    unsigned chain_len; /* certificates in the chain */
};
int mx_identity_describe(const struct mx_identity *id,
                         struct mx_identity_facts *facts);

#endif
