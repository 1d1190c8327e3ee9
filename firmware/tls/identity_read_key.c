/* SPDX-License-Identifier: BSD-3-Clause */
/* A private key, as openssl and others write it. */
#include "tls/identity_read.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/identity_key.h"
#include "tls/pem.h"

#include <mbedtls/platform_util.h>

#include <string.h>

/* mbedTLS tries one format after the other and keeps the last one's error, so
 * that a good key of another kind looks like a damaged one. A version and then
 * what PKCS #8, SEC 1 or PKCS #1 put there, and P-256 not mentioned: */
static bool is_other_kind(const uint8_t *der, size_t len)
{
    static const uint8_t p256[] = {IDENTITY_KEY_P256};
    unsigned char *p = (unsigned char *)(uintptr_t)der;
    size_t inner;
    int version;

    for (size_t i = 0; i + sizeof p256 <= len; i++) {
        if (memcmp(der + i, p256, sizeof p256) == 0) {
            return false;
        }
    }
    return mbedtls_asn1_get_tag(&p, der + len, &inner, DER_SEQUENCE) == 0 &&
           mbedtls_asn1_get_int(&p, der + len, &version) == 0 &&
           p < der + len &&
           (*p == DER_SEQUENCE || *p == MBEDTLS_ASN1_INTEGER ||
            *p == MBEDTLS_ASN1_OCTET_STRING);
}

static int load_der_key(struct mx_identity_impl *impl, const uint8_t *der,
                        size_t len, const char **why)
{
    int ret;

    if (!identity_is_der(der, len)) {
        return identity_say(MX_EFORMAT, IN_KEY "does not parse", why);
    }
    ret = compat_pk_parse_key(&impl->key, der, len);
    if (ret == 0) {
        return 0;
    }
    if (is_other_kind(der, len)) {
        return identity_say(
            MX_ENOTSUP,
            IN_KEY "its kind is not in this build; it must be " KEY_KINDS, why);
    }
    return identity_say(MX_EFORMAT, IN_KEY "does not parse", why);
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
        return identity_say(MX_EFORMAT,
                            pem.broken ? IN_KEY "the PEM file is cut off"
                                       : IN_KEY
                                "neither PEM nor DER, or no private key",
                            why);
    }
    if (is_encrypted(&pem)) {
        return identity_say(
            MX_ENOTSUP, IN_KEY "it is encrypted; store it in the clear", why);
    }
    err = pem_decode(&pem, &der, &len);
    if (err != 0) {
        return identity_say(err,
                            err == MX_ENOMEM ? IN_KEY "no memory"
                                             : IN_KEY
                                "its base64 does not decode",
                            why);
    }
    err = load_der_key(impl, der, len, why);
    mbedtls_platform_zeroize(der, len);
    mx_arena_free(der);
    return err;
}

int identity_read_key(struct mx_identity_impl *impl, const void *key,
                      size_t len, const char **why)
{
    if (identity_is_der(key, len)) {
        return load_der_key(impl, key, len, why);
    }
    return load_pem_key(impl, key, len, why);
}
