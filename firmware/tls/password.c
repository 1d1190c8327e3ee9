/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PBKDF2 by hand, on PSA's hashes: PSA has a key derivation of that name, but
 * enabled it becomes a part of the one that TLS uses, and every image would pay
 * for it; it computes the pads' hashes anew in each iteration, which is half of
 * the work; and it cannot stop half-way.
 */
#include "tinymx/password.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/password_impl.h"

#include <string.h>

#include <mbedtls/base64.h>
#include <mbedtls/constant_time.h>
#include <mbedtls/platform_util.h>

#define BLOCK 64 /* of SHA-256 */

/* --- the text ----------------------------------------------------------- */

static const char *read_number(const char *p, uint32_t *n)
{
    for (*n = 0; *p >= '0' && *p <= '9'; p++) {
        *n = *n * 10 + (uint32_t)(*p - '0');
        if (*n > MX_PASSWORD_ITERATIONS_MAX) {
            return NULL;
        }
    }
    return *p == '$' ? p + 1 : NULL;
}

/* Base64 up to the next dollar, or the end; whole, and without the blanks that
 * mbedTLS would skip. */
static const char *read_bytes(const char *p, uint8_t *out, size_t cap,
                              size_t *len)
{
    size_t n = strcspn(p, "$ \r\n");

    return n > 0 && n % 4 == 0 &&
                   mbedtls_base64_decode(out, cap, len, (const uint8_t *)p,
                                         n) == 0
               ? p + n
               : NULL;
}

static bool parse(const char *p, struct password_terms *terms)
{
    static const char scheme[] = "pbkdf2-sha256$";
    size_t len = 0;

    if (strncmp(p, scheme, sizeof scheme - 1) != 0) {
        return false;
    }
    p = read_number(p + sizeof scheme - 1, &terms->iterations);
    if (p == NULL || terms->iterations < MX_PASSWORD_ITERATIONS_MIN) {
        return false;
    }
    p = read_bytes(p, terms->salt, sizeof terms->salt, &terms->salt_len);
    if (p == NULL || *p != '$') {
        return false;
    }
    p = read_bytes(p + 1, terms->key, sizeof terms->key, &len);
    return p != NULL && *p == '\0' && len == sizeof terms->key;
}

int mx_password_check(const char *verifier)
{
    struct password_terms terms;

    return parse(verifier, &terms) ? 0 : MX_EFORMAT;
}

/* --- HMAC (RFC 2104) ---------------------------------------------------- */

static bool begin_half(psa_hash_operation_t *half, const uint8_t key[BLOCK],
                       uint8_t pad)
{
    uint8_t block[BLOCK];
    bool ok;

    for (size_t i = 0; i < BLOCK; i++) {
        block[i] = key[i] ^ pad;
    }
    *half = psa_hash_operation_init();
    ok = psa_hash_setup(half, PSA_ALG_SHA_256) == PSA_SUCCESS &&
         psa_hash_update(half, block, BLOCK) == PSA_SUCCESS;
    mbedtls_platform_zeroize(block, sizeof block);
    return ok;
}

static bool set_key(struct mx_password_impl *c, struct mx_span password)
{
    uint8_t key[BLOCK] = {0};
    size_t len;
    bool ok = true;

    if (password.len > BLOCK) {
        ok = psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)password.ptr,
                              password.len, key, PASSWORD_KEY,
                              &len) == PSA_SUCCESS;
    } else {
        memcpy(key, password.ptr, password.len);
    }
    ok = ok && begin_half(&c->inner, key, 0x36) &&
         begin_half(&c->outer, key, 0x5c);
    mbedtls_platform_zeroize(key, sizeof key);
    return ok;
}

/* u = what half says of `len` bytes of `data`, and four more if there are. */
static bool hash(const psa_hash_operation_t *half, const uint8_t *data,
                 size_t len, const uint8_t *more, uint8_t u[PASSWORD_KEY])
{
    psa_hash_operation_t op = psa_hash_operation_init();
    size_t n;

    return psa_hash_clone(half, &op) == PSA_SUCCESS &&
           psa_hash_update(&op, data, len) == PSA_SUCCESS &&
           (more == NULL || psa_hash_update(&op, more, 4) == PSA_SUCCESS) &&
           psa_hash_finish(&op, u, PASSWORD_KEY, &n) == PSA_SUCCESS;
}

static bool hmac(struct mx_password_impl *c, const uint8_t *data, size_t len,
                 const uint8_t *more)
{
    return hash(&c->inner, data, len, more, c->u) &&
           hash(&c->outer, c->u, sizeof c->u, NULL, c->u);
}

/* --- PBKDF2 (RFC 8018 5.2), of which one block is all we need ----------- */

int password_begin(struct mx_password *p, const struct password_terms *terms,
                   struct mx_span password)
{
    static const uint8_t first_block[4] = {0, 0, 0, 1};
    struct mx_password_impl *c = mx_arena_calloc(1, sizeof *c);

    p->impl = c;
    if (c == NULL) {
        return MX_ENOMEM;
    }
    c->terms = *terms;
    c->left = terms->iterations - 1;
    if (!set_key(c, password) ||
        !hmac(c, terms->salt, terms->salt_len, first_block)) {
        mx_password_end(p);
        return MX_ENOMEM;
    }
    memcpy(c->t, c->u, sizeof c->t);
    return 0;
}

int password_step(struct mx_password *p, uint32_t iterations)
{
    struct mx_password_impl *c = p->impl;

    for (; c->left > 0 && iterations > 0; c->left--, iterations--) {
        if (!hmac(c, c->u, sizeof c->u, NULL)) {
            return MX_ENOMEM;
        }
        for (size_t i = 0; i < sizeof c->t; i++) {
            c->t[i] ^= c->u[i];
        }
    }
    return c->left > 0 ? MX_EAGAIN : 0;
}

int mx_password_begin(struct mx_password *p, const char *verifier,
                      struct mx_span password)
{
    struct password_terms terms;

    p->impl = NULL;
    return parse(verifier, &terms) ? password_begin(p, &terms, password)
                                   : MX_EFORMAT;
}

int mx_password_step(struct mx_password *p, uint32_t iterations)
{
    struct mx_password_impl *c = p->impl;
    int rc = password_step(p, iterations);

    if (rc == 0 && mbedtls_ct_memcmp(c->t, c->terms.key, sizeof c->t) != 0) {
        rc = MX_EMISMATCH;
    }
    return rc;
}

void mx_password_end(struct mx_password *p)
{
    struct mx_password_impl *c = p->impl;

    if (c != NULL) {
        (void)psa_hash_abort(&c->inner);
        (void)psa_hash_abort(&c->outer);
        mbedtls_platform_zeroize(c, sizeof *c);
        mx_arena_free(c);
        p->impl = NULL;
    }
}
