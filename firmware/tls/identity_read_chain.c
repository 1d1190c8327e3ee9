/* SPDX-License-Identifier: BSD-3-Clause */
/* A chain, leaf first. The leaf is parsed, those behind it are kept as they are. */
#include "tls/identity_read.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/pem.h"

#include <string.h>

/* TLS 1.3 frames a certificate with 5 bytes, the message with 8. */
#define MESSAGE_OVERHEAD 8u
#define ENTRY_OVERHEAD 5u

struct failure {
    int mbedtls; /* without its low-level part */
    int err;
    const char *why;
};

static const struct failure cert_failures[] = {
    {MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG, MX_ENOTSUP,
     IN_CERT "its CA signed it in a way that this build cannot read (RSA?)"},
    {MBEDTLS_ERR_PK_UNKNOWN_PK_ALG, MX_ENOTSUP,
     IN_CERT "its kind of key is not in this build; it must be " KEY_KINDS},
    {MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE, MX_ENOTSUP,
     IN_CERT "its curve is not in this build; it must be " KEY_KINDS},
    {0, MX_EFORMAT, IN_CERT "does not parse"},
};

/* -0x262E is a high-level code and, in the last seven bits, a low-level one. */
static int high_level(int ret)
{
    return -(-ret & 0x7F80);
}

int identity_explain(int ret, const char **why)
{
    const struct failure *table = cert_failures;

    while (table->mbedtls != 0 && table->mbedtls != ret &&
           table->mbedtls != high_level(ret)) {
        table++;
    }
    *why = table->why;
    return table->err;
}

/* --- DER ------------------------------------------------------------------ */

/* Bytes of the SEQUENCE that `der` begins with, 0 if it does not. */
static size_t first_der(const uint8_t *der, size_t len)
{
    unsigned char *p = (unsigned char *)(uintptr_t)der;
    size_t inner;

    if (mbedtls_asn1_get_tag(&p, der + len, &inner, DER_SEQUENCE) != 0) {
        return 0;
    }
    return (size_t)(p - der) + inner;
}

bool identity_is_der(const uint8_t *der, size_t len)
{
    return len > 0 && first_der(der, len) == len;
}

/* --- the chain ------------------------------------------------------------ */

static int add_raw(mbedtls_x509_crt *leaf, const uint8_t *der, size_t len)
{
    mbedtls_x509_crt *last = leaf;
    mbedtls_x509_crt *crt = mx_arena_calloc(1, sizeof *crt);
    uint8_t *raw = mx_arena_calloc(1, len);

    if (crt == NULL || raw == NULL) {
        mx_arena_free(crt);
        mx_arena_free(raw);
        return MX_ENOMEM;
    }
    mbedtls_x509_crt_init(crt);
    memcpy(raw, der, len);
    crt->raw.p = raw;
    crt->raw.len = len;
    crt->MBEDTLS_PRIVATE(own_buffer) = 1;
    while (last->next != NULL) {
        last = last->next;
    }
    last->next = crt;
    return 0;
}

/* mbedTLS sends a handshake message in one record. */
static bool chain_fits(const struct mx_identity_impl *impl)
{
    size_t sum = MESSAGE_OVERHEAD;

    for (const mbedtls_x509_crt *c = &impl->chain; c != NULL; c = c->next) {
        sum += c->raw.len + ENTRY_OVERHEAD;
    }
    return sum <= MX_TLS_OUT_MAX;
}

static int add_cert(struct mx_identity_impl *impl, const uint8_t *der,
                    size_t len, const char **why)
{
    int ret;

    if (!identity_is_der(der, len)) {
        return identity_say(MX_EFORMAT, IN_CERT "does not parse", why);
    }
    if (impl->chain_len++ == 0) {
        ret = mbedtls_x509_crt_parse_der(&impl->chain, der, len);
        if (ret != 0) {
            return identity_explain(ret, why);
        }
    } else if (add_raw(&impl->chain, der, len) != 0) {
        return identity_say(MX_ENOMEM, IN_CERT "no memory", why);
    }
    if (!chain_fits(impl)) {
        return identity_say(MX_ENOTSUP,
                            IN_CERT
                            "the chain is longer than an outbound record "
                            "(MX_TLS_OUT_MAX)",
                            why);
    }
    return 0;
}

static int add_pem_cert(struct mx_identity_impl *impl, const struct pem *pem,
                        const char **why)
{
    uint8_t *der;
    size_t len;
    int err = pem_decode(pem, &der, &len);

    if (err != 0) {
        return identity_say(err,
                            err == MX_ENOMEM ? IN_CERT "no memory"
                                             : IN_CERT
                                "its base64 does not decode",
                            why);
    }
    err = add_cert(impl, der, len, why);
    mx_arena_free(der);
    return err;
}

static int load_pem_chain(struct mx_identity_impl *impl, const void *cert,
                          size_t len, const char **why)
{
    struct pem pem = {.at = cert, .left = len};
    int err = 0;

    while (err == 0 && pem_next(&pem)) {
        if (pem_label_ends(&pem, "CERTIFICATE")) {
            err = add_pem_cert(impl, &pem, why);
        }
    }
    if (err == 0 && pem.broken) {
        return identity_say(MX_EFORMAT, IN_CERT "the PEM file is cut off", why);
    }
    if (err == 0 && impl->chain_len == 0) {
        return identity_say(MX_EFORMAT, IN_CERT "neither PEM nor DER", why);
    }
    return err;
}

bool mx_identity_is_der(const void *chain, size_t len)
{
    const uint8_t *der = chain;
    size_t n = 1;

    for (; len > 0 && n > 0; der += n, len -= n) {
        n = first_der(der, len);
    }
    return len == 0 && n > 1;
}

int identity_read_chain(struct mx_identity_impl *impl, const void *cert,
                        size_t len, const char **why)
{
    const uint8_t *der = cert;
    int err = 0;

    if (!mx_identity_is_der(cert, len)) {
        return load_pem_chain(impl, cert, len, why);
    }
    for (size_t n; len > 0 && err == 0; der += n, len -= n) {
        n = first_der(der, len);
        err = add_cert(impl, der, n, why);
    }
    return err;
}
