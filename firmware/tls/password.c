/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PBKDF2's loop, on PSA's HMAC. PSA has the whole of it as a key derivation, but
 * enabled that becomes a part of the one that TLS uses, and every image would
 * pay for it; and it cannot stop half-way, for seconds on a board.
 */
#include "tinymx/password.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/password_impl.h"

#include <string.h>

#include <mbedtls/base64.h>
#include <mbedtls/constant_time.h>
#include <mbedtls/platform_util.h>

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

/* --- HMAC-SHA-256 ------------------------------------------------------- */

#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)

/* PSA has no key of no octets; to HMAC it is one of zeros (RFC 2104 2). */
static bool set_key(struct mx_password_impl *c, struct mx_span password)
{
    static const uint8_t zero;
    psa_key_attributes_t attributes = psa_key_attributes_init();
    const uint8_t *key = (const uint8_t *)password.ptr;

    psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
    psa_set_key_algorithm(&attributes, HMAC);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    return psa_import_key(&attributes, password.len > 0 ? key : &zero,
                          password.len > 0 ? password.len : 1,
                          &c->password) == PSA_SUCCESS;
}

/* u = HMAC of `len` bytes of `data`, and four more if there are. */
static bool hmac(struct mx_password_impl *c, const uint8_t *data, size_t len,
                 const uint8_t *more)
{
    psa_mac_operation_t op = psa_mac_operation_init();
    size_t n;
    bool ok = psa_mac_sign_setup(&op, c->password, HMAC) == PSA_SUCCESS &&
              psa_mac_update(&op, data, len) == PSA_SUCCESS &&
              (more == NULL || psa_mac_update(&op, more, 4) == PSA_SUCCESS) &&
              psa_mac_sign_finish(&op, c->u, sizeof c->u, &n) == PSA_SUCCESS;

    if (!ok) {
        (void)psa_mac_abort(&op);
    }
    return ok;
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
        (void)psa_destroy_key(c->password);
        mbedtls_platform_zeroize(c, sizeof *c);
        mx_arena_free(c);
        p->impl = NULL;
    }
}
