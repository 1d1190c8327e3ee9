/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Passwords, as a configuration may hold them: a verifier, which says whether a
 * password is right and from which nobody gets it back but by trying.
 *
 *     pbkdf2-sha256$100000$c2FsdHNhbHRzYWx0c2E=$c29tZSB0aGlydHktdHdvIG9jdGV0cy...
 *
 * PBKDF2 with HMAC-SHA-256 (RFC 8018), its iterations, the salt and the key of
 * 32 octets in base64 (RFC 4648 4). Trying one is slow on purpose, so it is done
 * a piece at a time, and others get their turn.
 *
 * Needs the arena (tls.h).
 */
#ifndef TINYMX_PASSWORD_H
#define TINYMX_PASSWORD_H

#include "tinymx/mail.h"

/* What a verifier may ask for. */
#define MX_PASSWORD_ITERATIONS_MIN 1000
#define MX_PASSWORD_ITERATIONS_MAX 10000000

/* Is this a verifier? 0, MX_EFORMAT. */
int mx_password_check(const char *verifier);

/* A password that is being tried. Contents private to firmware/tls. */
struct mx_password_impl;
struct mx_password {
    struct mx_password_impl *impl; /* NULL: none is */
};

/* Begins. Neither text is needed afterwards. 0; MX_ENOMEM: the arena has no
 * room now; MX_EFORMAT: not a verifier. */
int mx_password_begin(struct mx_password *p, const char *verifier,
                      struct mx_span password);

/* Does so many iterations. MX_EAGAIN: there are more to do; 0: it is right;
 * MX_EMISMATCH: it is not. The time depends on the verifier alone. */
int mx_password_step(struct mx_password *p, uint32_t iterations);

/* Forgets it. Fine in every state, also twice. */
void mx_password_end(struct mx_password *p);

/* Makes a verifier, with a salt of 16 random octets. 0, MX_EINVAL: not so many
 * iterations, MX_ENOMEM, MX_EENTROPY. */
#define MX_PASSWORD_VERIFIER_MAX 96
int mx_password_make(struct mx_span password, uint32_t iterations,
                     char verifier[MX_PASSWORD_VERIFIER_MAX]);

#endif
