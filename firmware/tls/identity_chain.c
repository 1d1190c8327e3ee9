/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who has signed whom, by the names alone. Keys and signatures of certificates
 * behind the leaf may be of a kind that this build does not have, so that they
 * are not parsed but walked (RFC 5280 4.1).
 */
#include "tls/identity_chain.h"

#include <mbedtls/asn1.h>

#include <string.h>

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)
#define VERSION (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_CONTEXT_SPECIFIC)

struct der {
    unsigned char *at;
    const unsigned char *end;
};

static bool enter(struct der *d, int tag)
{
    size_t len;

    if (mbedtls_asn1_get_tag(&d->at, d->end, &len, tag) != 0) {
        return false;
    }
    d->end = d->at + len;
    return true;
}

/* Passes over one element; `out`, if not NULL, is all of it. */
static bool pass(struct der *d, int tag, struct mx_span *out)
{
    unsigned char *from = d->at;
    size_t len;

    if (mbedtls_asn1_get_tag(&d->at, d->end, &len, tag) != 0) {
        return false;
    }
    d->at += len;
    if (out != NULL) {
        *out = (struct mx_span){(const char *)from, (size_t)(d->at - from)};
    }
    return true;
}

static bool read_names(const struct mx_span *cert, struct mx_span *issuer,
                       struct mx_span *subject)
{
    unsigned char *p = (unsigned char *)(uintptr_t)cert->ptr;
    struct der d = {p, p + cert->len};

    if (!enter(&d, SEQUENCE) || !enter(&d, SEQUENCE)) {
        return false;
    }
    pass(&d, VERSION, NULL); /* not there in version 1 */
    return pass(&d, MBEDTLS_ASN1_INTEGER, NULL) && pass(&d, SEQUENCE, NULL) &&
           pass(&d, SEQUENCE, issuer) && pass(&d, SEQUENCE, NULL) &&
           pass(&d, SEQUENCE, subject);
}

bool identity_chain_issued(const struct mx_span *cert, const struct mx_span *by)
{
    struct mx_span issuer;
    struct mx_span subject;
    struct mx_span other;

    return read_names(cert, &issuer, &other) &&
           read_names(by, &other, &subject) && issuer.len == subject.len &&
           memcmp(issuer.ptr, subject.ptr, issuer.len) == 0;
}
