/* SPDX-License-Identifier: BSD-3-Clause */
/* Making a verifier: for the program on a PC that the owner runs once. */
#include "tinymx/password.h"

#include "tinymx/err.h"
#include "tls/password_impl.h"
#include "util/assert.h"
#include "util/fmt.h"

#include <mbedtls/base64.h>

#define SALT 16

/* Base64 of so many octets, and its NUL. */
#define BASE64(len) (((len) + 2) / 3 * 4 + 1)
_Static_assert(sizeof "pbkdf2-sha256$10000000$$" + BASE64(SALT) +
                       BASE64(PASSWORD_KEY) <=
                   MX_PASSWORD_VERIFIER_MAX,
               "a verifier has to fit its buffer");

static void put_base64(struct fmt *f, const uint8_t *bytes, size_t len)
{
    uint8_t text[BASE64(PASSWORD_KEY)];
    size_t n;
    int rc = mbedtls_base64_encode(text, sizeof text, &n, bytes, len);

    MX_ASSERT(rc == 0);
    fmt_bytes(f, (const char *)text, n);
}

int mx_password_make(struct mx_span password, uint32_t iterations,
                     char verifier[MX_PASSWORD_VERIFIER_MAX])
{
    struct password_terms terms = {.iterations = iterations, .salt_len = SALT};
    struct mx_password p;
    struct fmt f;
    int rc;

    if (iterations < MX_PASSWORD_ITERATIONS_MIN ||
        iterations > MX_PASSWORD_ITERATIONS_MAX) {
        return MX_EINVAL;
    }
    if (psa_generate_random(terms.salt, SALT) != PSA_SUCCESS) {
        return MX_EENTROPY;
    }
    rc = password_begin(&p, &terms, password);
    if (rc == 0) {
        rc = password_step(&p, iterations);
    }
    if (rc == 0) {
        fmt_init(&f, verifier, MX_PASSWORD_VERIFIER_MAX);
        fmt_str(&f, "pbkdf2-sha256$");
        fmt_u32(&f, iterations);
        fmt_char(&f, '$');
        put_base64(&f, terms.salt, SALT);
        fmt_char(&f, '$');
        put_base64(&f, p.impl->t, PASSWORD_KEY);
    }
    mx_password_end(&p);
    return rc;
}
