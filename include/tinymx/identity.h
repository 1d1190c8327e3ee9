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

/* Reads a chain (leaf first) and its private key. Each is PEM or DER; a chain in
 * DER is its certificates one behind the other. A PEM's closing NUL need not be
 * there and need not be counted. The bytes are not needed afterwards.
 * 0; MX_EFORMAT: one does not parse; MX_ENOTSUP: a kind of key that this build
 * does not have, or that no TLS suite here can use; MX_EMISMATCH: the key is
 * not the certificate's; MX_ENOMEM. On error nothing is loaded, and *why (if
 * not NULL) is a static sentence saying which of the two files and what: also
 * that the chain is out of order (MX_EMISMATCH), when the first certificate has
 * issued one behind it, by their names. */
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

/* --- making one, part by part ------------------------------------------- */

/* In DER: a key as RFC 5915 has it, a certificate for a name of 253 octets. */
#define MX_IDENTITY_KEY_DER_MAX 128
#define MX_IDENTITY_CERT_DER_MAX 832
#define MX_IDENTITY_CSR_MAX 1024 /* PEM, with a closing NUL */

/* A new P-256 key. `der` holds MX_IDENTITY_KEY_DER_MAX bytes; overwrite it when
 * it is no longer needed. 0, MX_EENTROPY, MX_ENOMEM. */
int mx_identity_make_key(uint8_t *der, size_t *len);

/* The certificate that mx_identity_make() makes, for this key. `der` holds
 * MX_IDENTITY_CERT_DER_MAX bytes. 0; MX_EINVAL: not a host name; MX_EFORMAT: not
 * a key; MX_EENTROPY, MX_ENOMEM. */
int mx_identity_self_sign(const void *key, size_t key_len, const char *mx_name,
                          int64_t now_s, uint8_t *der, size_t *len);

/* A request for a certificate (PKCS #10, RFC 2986) for this key: SAN dNSName
 * `mx_name`, no subject, signed with SHA-256. `pem` holds MX_IDENTITY_CSR_MAX bytes. Errors
 * of mx_identity_self_sign(). */
int mx_identity_request(const void *key, size_t key_len, const char *mx_name,
                        char *pem);

/* Whether this is a chain in DER, one certificate behind the other and nothing
 * else, as far as their lengths say. */
bool mx_identity_is_der(const void *chain, size_t len);

/* SHA-256 of a key's SubjectPublicKeyInfo, as mx_identity_spki_sha256() has it
 * of a certificate's. 0, MX_EFORMAT, MX_ENOMEM. */
int mx_identity_key_sha256(const void *key, size_t key_len, uint8_t out[32]);

/* Takes the certificates out of a PEM text, line by line, without keeping the
 * text: DER, one certificate behind the other, in `der`. What is not within
 * BEGIN and END CERTIFICATE is passed over, but a private key: that is refused,
 * since it must not be sent around.
 *
 *     struct mx_pem pem = {.der = buf, .room = sizeof buf};
 *     for every line, without its end: rc = mx_pem_line(&pem, line, len);
 *     rc = mx_pem_end(&pem);      0: pem.len bytes, pem.count certificates
 *
 * 0; MX_E2BIG: more than `room`; MX_EFORMAT: its base64 does not decode, or it
 * is cut off; MX_EREFUSED: a private key. Goes on to say what it said first. */
struct mx_pem {
    uint8_t *der;
    size_t room;
    size_t len;     /* out */
    unsigned count; /* out */
    size_t from;    /* private, as what follows: where this one begins */
    uint32_t bits;  /* of an unfinished group */
    uint8_t have;   /* bits there are */
    uint8_t ends;   /* "=" seen */
    bool inside;
    int error;
};
int mx_pem_line(struct mx_pem *pem, const char *line, size_t len);
int mx_pem_end(struct mx_pem *pem);

/* The chain as it is sent, PEM, a certificate at a time. 0; MX_EINVAL: none is
 * loaded; MX_ENOMEM. */
int mx_identity_show(const struct mx_identity *id,
                     void (*see)(void *ctx, const char *pem), void *ctx);

/* --- looking at one ----------------------------------------------------- */

/* What does not fit, or-ed; 0: all is well. */
enum mx_identity_flag {
    MX_ID_NO_SAN = 1,       /* no SAN dNSName at all; a CN does not count */
    MX_ID_WRONG_NAME = 2,   /* names there are, the MX name is not among them */
    MX_ID_WILDCARD = 4,     /* it matches by a wildcard: works, discouraged */
    MX_ID_EXPIRED = 8,      /* by the clock given */
    MX_ID_NOT_YET = 16,     /* valid only later, by the clock given */
    MX_ID_NO_CLOCK = 32,    /* dates were not checked: now_s was 0 */
    MX_ID_SELF_SIGNED = 64, /* verifies by DANE only (RFC 7672) */
    MX_ID_CHAIN_ORDER = 128, /* a certificate does not certify the one before */
};
/* With any of these TLS is not offered, unless the owner says so. */
#define MX_ID_FATAL (MX_ID_NO_SAN | MX_ID_WRONG_NAME)

/* Checks the leaf against the MX host name and the clock (0: no clock).
 * RFC 9525 6.3: whole names compared without regard to case; `*` only as the
 * whole left-most label, standing for exactly one label. */
unsigned mx_identity_check(const struct mx_identity *id, const char *mx_name,
                           int64_t now_s);

/* May it take the place of one that serves: 0. MX_EREFUSED, and *why is a static
 * sentence: another name, none, expired or not yet valid by the clock given, a
 * chain out of order. */
int mx_identity_admit(const struct mx_identity *id, const char *mx_name,
                      int64_t now_s, const char **why);

/* A plain sentence for one flag of the above: what is wrong, what to do. */
const char *mx_identity_advice(enum mx_identity_flag flag);

/* SHA-256 of the leaf's SubjectPublicKeyInfo: the data of a TLSA 3 1 1 record
 * (RFC 7672 3.1.1). 0, or MX_EINVAL when nothing is loaded. */
int mx_identity_spki_sha256(const struct mx_identity *id, uint8_t out[32]);

/* Facts of the leaf for the owner. Static until the identity is freed. */
struct mx_identity_facts {
    char name[128];    /* first SAN dNSName, or "" */
    char issuer[64];   /* its common name, or organization; cut off, plain */
    char key_type[16]; /* "P-256", "RSA-2048" */
    int64_t not_before_s;
    int64_t not_after_s;
    unsigned chain_len; /* certificates in the chain */
    bool self_signed;
};
int mx_identity_describe(const struct mx_identity *id,
                         struct mx_identity_facts *facts);

#endif
