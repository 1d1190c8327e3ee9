/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificate and key together. */
#include "tinymx/identity.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/identity_chain.h"
#include "tls/identity_key.h"
#include "tls/identity_read.h"

#define OUT_OF_ORDER                                                           \
    IN_CERT "the chain is out of order: the leaf has to come first"

static bool usable(const mbedtls_pk_context *pk)
{
    return identity_key_is_p256(pk) ||
           (KEY_WITH_RSA && identity_key_is_rsa(pk) &&
            mbedtls_pk_get_bitlen(pk) >= 2048);
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
        return identity_say(MX_EMISMATCH, OUT_OF_ORDER, why);
    }
    if (!usable(&impl->chain.pk)) {
        return identity_say(MX_ENOTSUP, IN_CERT "its key must be " KEY_KINDS,
                            why);
    }
    if (!usable(&impl->key)) {
        return identity_say(MX_ENOTSUP, IN_KEY "it must be " KEY_KINDS, why);
    }
    if (compat_pk_check_pair(&impl->chain.pk, &impl->key) != 0) {
        return identity_say(MX_EMISMATCH,
                            IN_KEY "it is not the key of the certificate", why);
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
    return identity_read_chain(impl, cert->ptr, cert->len, &ignored) == 0 &&
           leaf_is_not_first(impl->chain.next);
}

static int load(struct mx_identity_impl *impl, const struct mx_span *cert,
                const struct mx_span *key, const char **why)
{
    int err = identity_read_chain(impl, cert->ptr, cert->len, why);

    if (err == MX_ENOTSUP && starts_with_ca(impl, cert)) {
        return identity_say(MX_EMISMATCH, OUT_OF_ORDER, why);
    }
    if (err == 0) {
        err = identity_read_key(impl, key->ptr, key->len, why);
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
        err = identity_say(MX_ENOMEM, "certificate and key: not enough memory",
                           why);
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
