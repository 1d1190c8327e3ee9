/* SPDX-License-Identifier: BSD-3-Clause */
#include "tinymx/identity.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/identity_chain.h"
#include "tls/identity_impl.h"
#include "tls/pem.h"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/psa_util.h>
#include <psa/crypto.h>

#include <string.h>

/* Which of the two, and what. */
#define CERT "certificate: "
#define KEY "key: "
#define OUT_OF_ORDER                                                           \
    CERT "the chain is out of order: the leaf has to come first"

#if MX_TLS_RSA
#define WITH_RSA true
#define KINDS "P-256 or RSA of 2048 bits or more"
#else
#define WITH_RSA false
#define KINDS "P-256"
#endif

/* TLS 1.3 frames a certificate with 5 bytes, the message with 8. */
#define MESSAGE_OVERHEAD 8u
#define ENTRY_OVERHEAD 5u

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)

struct failure {
    int mbedtls; /* without its low-level part */
    int err;
    const char *why;
};

static const struct failure cert_failures[] = {
    {MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG, MX_ENOTSUP,
     CERT "its CA signed it in a way that this build cannot read (RSA?)"},
    {MBEDTLS_ERR_PK_UNKNOWN_PK_ALG, MX_ENOTSUP,
     CERT "its kind of key is not in this build; it must be " KINDS},
    {MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE, MX_ENOTSUP,
     CERT "its curve is not in this build; it must be " KINDS},
    {0, MX_EFORMAT, CERT "does not parse"},
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

static int say(int err, const char *text, const char **why)
{
    *why = text;
    return err;
}

/* A SEQUENCE that fills `len` bytes, neither more nor fewer. */
static bool is_der(const uint8_t *der, size_t len)
{
    unsigned char *p = (unsigned char *)(uintptr_t)der;
    size_t inner;

    return mbedtls_asn1_get_tag(&p, der + len, &inner, SEQUENCE) == 0 &&
           p + inner == der + len;
}

/* --- the chain ---------------------------------------------------------- */

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

    if (!is_der(der, len)) {
        return say(MX_EFORMAT, CERT "does not parse", why);
    }
    if (impl->chain_len++ == 0) {
        ret = mbedtls_x509_crt_parse_der(&impl->chain, der, len);
        if (ret != 0) {
            return identity_explain(ret, why);
        }
    } else if (add_raw(&impl->chain, der, len) != 0) {
        return say(MX_ENOMEM, CERT "no memory", why);
    }
    if (!chain_fits(impl)) {
        return say(MX_ENOTSUP,
                   CERT "the chain is longer than an outbound record "
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
        return say(err,
                   err == MX_ENOMEM ? CERT "no memory"
                                    : CERT "its base64 does not decode",
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
        return say(MX_EFORMAT, CERT "the PEM file is cut off", why);
    }
    if (err == 0 && impl->chain_len == 0) {
        return say(MX_EFORMAT, CERT "neither PEM nor DER", why);
    }
    return err;
}

/* The length of the SEQUENCE that `der` begins with, 0 if it does not. */
static size_t first_der(const uint8_t *der, size_t len)
{
    unsigned char *p = (unsigned char *)(uintptr_t)der;
    size_t inner;

    if (mbedtls_asn1_get_tag(&p, der + len, &inner, SEQUENCE) != 0) {
        return 0;
    }
    return (size_t)(p - der) + inner;
}

static bool is_der_chain(const uint8_t *der, size_t len)
{
    size_t n = 1;

    for (; len > 0 && n > 0; der += n, len -= n) {
        n = first_der(der, len);
    }
    return len == 0 && n > 1;
}

static int load_chain(struct mx_identity_impl *impl, const uint8_t *cert,
                      size_t len, const char **why)
{
    int err = 0;

    if (!is_der_chain(cert, len)) {
        return load_pem_chain(impl, cert, len, why);
    }
    for (size_t n; len > 0 && err == 0; cert += n, len -= n) {
        n = first_der(cert, len);
        err = add_cert(impl, cert, n, why);
    }
    return err;
}

/* --- the key ------------------------------------------------------------ */

/* mbedTLS tries one format after the other and keeps the last one's error, so
 * that a good key of another kind looks like a damaged one. A version and then
 * what PKCS #8, SEC 1 or PKCS #1 put there, and P-256 not mentioned: */
static bool is_other_kind(const uint8_t *der, size_t len)
{
    static const char p256[] = MBEDTLS_OID_EC_GRP_SECP256R1;
    unsigned char *p = (unsigned char *)(uintptr_t)der;
    size_t inner;
    int version;

    for (size_t i = 0; i + sizeof p256 - 1 <= len; i++) {
        if (memcmp(der + i, p256, sizeof p256 - 1) == 0) {
            return false;
        }
    }
    return mbedtls_asn1_get_tag(&p, der + len, &inner, SEQUENCE) == 0 &&
           mbedtls_asn1_get_int(&p, der + len, &version) == 0 &&
           p < der + len &&
           (*p == SEQUENCE || *p == MBEDTLS_ASN1_INTEGER ||
            *p == MBEDTLS_ASN1_OCTET_STRING);
}

static int load_der_key(struct mx_identity_impl *impl, const uint8_t *der,
                        size_t len, const char **why)
{
    int ret;

    if (!is_der(der, len)) {
        return say(MX_EFORMAT, KEY "does not parse", why);
    }
    ret =
        mbedtls_pk_parse_key(&impl->key, der, len, NULL, 0,
                             mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
    if (ret == 0) {
        return 0;
    }
    if (is_other_kind(der, len)) {
        return say(MX_ENOTSUP,
                   KEY "its kind is not in this build; it must be " KINDS, why);
    }
    return say(MX_EFORMAT, KEY "does not parse", why);
}

/* The first private key of the file: openssl puts EC PARAMETERS before it. */
static bool find_key(struct pem *pem)
{
    while (pem_next(pem)) {
        if (pem_label_ends(pem, "PRIVATE KEY")) {
            return true;
        }
    }
    return false;
}

/* PKCS #8's way and the traditional one. */
static bool is_encrypted(const struct pem *pem)
{
    return pem_label_ends(pem, "ENCRYPTED PRIVATE KEY") ||
           memchr(pem->body, ':', pem->body_len) != NULL;
}

static int load_pem_key(struct mx_identity_impl *impl, const void *key,
                        size_t key_len, const char **why)
{
    struct pem pem = {.at = key, .left = key_len};
    uint8_t *der;
    size_t len;
    int err;

    if (!find_key(&pem)) {
        return say(MX_EFORMAT,
                   pem.broken ? KEY "the PEM file is cut off"
                              : KEY "neither PEM nor DER, or no private key",
                   why);
    }
    if (is_encrypted(&pem)) {
        return say(MX_ENOTSUP, KEY "it is encrypted; store it in the clear",
                   why);
    }
    err = pem_decode(&pem, &der, &len);
    if (err != 0) {
        return say(err,
                   err == MX_ENOMEM ? KEY "no memory"
                                    : KEY "its base64 does not decode",
                   why);
    }
    err = load_der_key(impl, der, len, why);
    mbedtls_platform_zeroize(der, len);
    mx_arena_free(der);
    return err;
}

static int load_key(struct mx_identity_impl *impl, const void *key, size_t len,
                    const char **why)
{
    if (is_der(key, len)) {
        return load_der_key(impl, key, len, why);
    }
    return load_pem_key(impl, key, len, why);
}

/* --- both --------------------------------------------------------------- */

static bool usable(const mbedtls_pk_context *pk)
{
    size_t bits = mbedtls_pk_get_bitlen(pk);

    if (mbedtls_pk_can_do(pk, MBEDTLS_PK_ECDSA)) {
        return bits == 256;
    }
    return WITH_RSA && mbedtls_pk_can_do(pk, MBEDTLS_PK_RSA) && bits >= 2048;
}

/* The first has signed one of those behind it, and is not the same name's. */
static bool leaf_is_not_first(const mbedtls_x509_crt *first)
{
    const struct mx_span by = {(const char *)first->raw.p, first->raw.len};

    for (const mbedtls_x509_crt *c = first->next; c != NULL; c = c->next) {
        const struct mx_span cert = {(const char *)c->raw.p, c->raw.len};

        if (identity_chain_issued(&cert, &by) &&
            !identity_chain_issued(&by, &cert)) {
            return true;
        }
    }
    return false;
}

static int check_pair(const struct mx_identity_impl *impl, const char **why)
{
    if (leaf_is_not_first(&impl->chain)) {
        return say(MX_EMISMATCH, OUT_OF_ORDER, why);
    }
    if (!usable(&impl->chain.pk)) {
        return say(MX_ENOTSUP, CERT "its key must be " KINDS, why);
    }
    if (!usable(&impl->key)) {
        return say(MX_ENOTSUP, KEY "it must be " KINDS, why);
    }
    if (mbedtls_pk_check_pair(&impl->chain.pk, &impl->key,
                              mbedtls_psa_get_random,
                              MBEDTLS_PSA_RANDOM_STATE) != 0) {
        return say(MX_EMISMATCH, KEY "it is not the key of the certificate",
                   why);
    }
    return 0;
}

/* A CA's key or signature may be of a kind that is not here: so once more,
 * behind an empty first one, where nothing is parsed. */
static bool starts_with_ca(struct mx_identity_impl *impl,
                           const struct mx_span *cert)
{
    const char *ignored;

    mbedtls_x509_crt_free(&impl->chain);
    mbedtls_x509_crt_init(&impl->chain);
    impl->chain_len = 1;
    return load_chain(impl, (const uint8_t *)cert->ptr, cert->len, &ignored) ==
               0 &&
           leaf_is_not_first(impl->chain.next);
}

static int load(struct mx_identity_impl *impl, const struct mx_span *cert,
                const struct mx_span *key, const char **why)
{
    int err = load_chain(impl, (const uint8_t *)cert->ptr, cert->len, why);

    if (err == MX_ENOTSUP && starts_with_ca(impl, cert)) {
        return say(MX_EMISMATCH, OUT_OF_ORDER, why);
    }
    if (err == 0) {
        err = load_key(impl, key->ptr, key->len, why);
    }
    return err != 0 ? err : check_pair(impl, why);
}

int mx_identity_load(struct mx_identity *id, const void *cert, size_t cert_len,
                     const void *key, size_t key_len, const char **why)
{
    const struct mx_span cert_span = {cert, cert_len};
    const struct mx_span key_span = {key, key_len};
    const char *ignored;
    uint32_t failed = mx_arena_failures();
    int err = MX_ENOMEM;

    why = why != NULL ? why : &ignored;
    id->impl = mx_arena_calloc(1, sizeof *id->impl);
    if (id->impl != NULL) {
        mbedtls_x509_crt_init(&id->impl->chain);
        mbedtls_pk_init(&id->impl->key);
        err = load(id->impl, &cert_span, &key_span, why);
    }
    if (err != 0 && mx_arena_failures() != failed) {
        err = say(MX_ENOMEM, "certificate and key: not enough memory", why);
    }
    if (err != 0) {
        mx_identity_free(id);
    }
    return err;
}

void mx_identity_free(struct mx_identity *id)
{
    if (id->impl != NULL) {
        mbedtls_x509_crt_free(&id->impl->chain);
        mbedtls_pk_free(&id->impl->key);
        mx_arena_free(id->impl);
        id->impl = NULL;
    }
}

int mx_identity_spki_sha256(const struct mx_identity *id, uint8_t out[32])
{
    size_t len;

    if (id->impl == NULL ||
        psa_hash_compute(PSA_ALG_SHA_256, id->impl->chain.pk_raw.p,
                         id->impl->chain.pk_raw.len, out, 32,
                         &len) != PSA_SUCCESS) {
        return MX_EINVAL;
    }
    return 0;
}
