/* SPDX-License-Identifier: BSD-3-Clause */
/* The computation behind a password verifier, for trying one and making one. */
#ifndef TINYMX_TLS_PASSWORD_IMPL_H
#define TINYMX_TLS_PASSWORD_IMPL_H

#include "tinymx/password.h"

#include <psa/crypto.h>

#define PASSWORD_KEY 32
#define PASSWORD_SALT_MAX 32

/* The verifier, read. */
struct password_terms {
    uint32_t iterations;
    size_t salt_len;
    uint8_t salt[PASSWORD_SALT_MAX];
    uint8_t key[PASSWORD_KEY];
};

struct mx_password_impl {
    struct password_terms terms;
    uint32_t left;           /* iterations */
    psa_key_id_t password;   /* for HMAC */
    uint8_t u[PASSWORD_KEY]; /* RFC 8018 5.2: the last U, */
    uint8_t t[PASSWORD_KEY]; /* and all of them so far */
};

/* As mx_password_begin(), with terms of which all but the key is set. */
int password_begin(struct mx_password *p, const struct password_terms *terms,
                   struct mx_span password);
/* As mx_password_step(); 0: the key is in p->impl->t. */
int password_step(struct mx_password *p, uint32_t iterations);

#endif
