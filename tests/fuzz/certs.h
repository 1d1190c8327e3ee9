/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificates that clients show: self-signed by `openssl ca`, P-256, from 2025
 * to 9999, so that the fuzzer's clock is within. The keys are for this and known
 * to everybody.
 */
#ifndef TINYMX_FUZZ_CERTS_H
#define TINYMX_FUZZ_CERTS_H

/* CERT_GOOD is the one that a server with client_ca lets in. */
enum cert_name { CERT_NONE, CERT_GOOD, CERT_BAD, CERTS };

struct cert {
    const char *cert, *key; /* PEM */
};
extern const struct cert certs[CERTS];

#endif
