/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and certificates, made at run time by libcrypto. */
#ifndef TINYMX_TEST_TLS_CERTS_H
#define TINYMX_TEST_TLS_CERTS_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cert_spec {
    const char *cn;        /* NULL: an empty subject */
    const char *san;       /* as openssl.cnf has it; NULL: none */
    EVP_PKEY *key;         /* NULL: a P-256 key of its own */
    EVP_PKEY *signer;      /* NULL: self-signed */
    bool sha384;           /* what it is signed with; else SHA-256 */
    const char *issuer_cn; /* NULL: the subject */
    bool ca;               /* may sign others */
    const char *usage;     /* extendedKeyUsage; NULL: none, for all */
    int64_t now_s;         /* 0: the machine's clock */
    long from_s;           /* from now; 0 and 0: an hour ago to a year hence */
    long to_s;
};

struct cert {
    X509 *x509;
    EVP_PKEY *key;
    char *pem; /* terminated */
    size_t pem_len;
    unsigned char *der;
    size_t der_len;
    char *key_pem;
    size_t key_pem_len;
    unsigned char *key_der;
    size_t key_der_len;
};

struct cert cert_make(const struct cert_spec *spec);
void cert_free(struct cert *cert);

/* "P-256", "P-384", "RSA-2048", "RSA-1024". */
EVP_PKEY *cert_key(const char *kind);

#endif
