/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls_certs.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

EVP_PKEY *cert_key(const char *kind)
{
    EVP_PKEY *key = strncmp(kind, "RSA-", 4) == 0
                        ? EVP_RSA_gen((unsigned)atoi(kind + 4))
                        : EVP_EC_gen(kind);

    assert_non_null(key);
    return key;
}

static void *take(BIO *bio, size_t *len)
{
    char *data;
    long n = BIO_get_mem_data(bio, &data);
    char *copy = malloc((size_t)n + 1);

    assert_true(n > 0 && copy != NULL);
    memcpy(copy, data, (size_t)n);
    copy[n] = '\0';
    *len = (size_t)n;
    BIO_free(bio);
    return copy;
}

static X509_NAME *name(const char *cn)
{
    X509_NAME *n = X509_NAME_new();

    if (cn != NULL) {
        assert_int_equal(X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
                                                    (const void *)cn, -1, -1,
                                                    0),
                         1);
    }
    return n;
}

static void add_ext(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    assert_non_null(ext);
    assert_int_equal(X509_add_ext(x, ext, -1), 1);
    X509_EXTENSION_free(ext);
}

static X509 *build(const struct cert_spec *spec, EVP_PKEY *key)
{
    X509 *x = X509_new();
    X509_NAME *subject = name(spec->cn);
    X509_NAME *issuer = name(spec->issuer_cn ? spec->issuer_cn : spec->cn);
    bool usual = spec->from_s == 0 && spec->to_s == 0;
    time_t at = (time_t)spec->now_s;
    time_t *now = spec->now_s != 0 ? &at : NULL;

    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 4711);
    X509_time_adj(X509_getm_notBefore(x), usual ? -3600 : spec->from_s, now);
    X509_time_adj(X509_getm_notAfter(x), usual ? 31536000 : spec->to_s, now);
    X509_set_subject_name(x, subject);
    X509_set_issuer_name(x, issuer);
    X509_set_pubkey(x, key);
    if (spec->san != NULL) {
        add_ext(x, NID_subject_alt_name, spec->san);
    }
    if (spec->usage != NULL) {
        add_ext(x, NID_ext_key_usage, spec->usage);
    }
    if (spec->ca) {
        add_ext(x, NID_basic_constraints, "critical,CA:TRUE");
    }
    assert_true(X509_sign(x, spec->signer ? spec->signer : key,
                          spec->sha384 ? EVP_sha384() : EVP_sha256()) > 0);
    X509_NAME_free(subject);
    X509_NAME_free(issuer);
    return x;
}

struct cert cert_make(const struct cert_spec *spec)
{
    struct cert c = {0};
    BIO *bio;

    if (spec->key != NULL) {
        EVP_PKEY_up_ref(spec->key);
        c.key = spec->key;
    } else {
        c.key = cert_key("P-256");
    }
    c.x509 = build(spec, c.key);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, c.x509);
    c.pem = take(bio, &c.pem_len);
    bio = BIO_new(BIO_s_mem());
    i2d_X509_bio(bio, c.x509);
    c.der = take(bio, &c.der_len);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, c.key, NULL, NULL, 0, NULL, NULL);
    c.key_pem = take(bio, &c.key_pem_len);
    bio = BIO_new(BIO_s_mem());
    i2d_PrivateKey_bio(bio, c.key);
    c.key_der = take(bio, &c.key_der_len);
    return c;
}

void cert_free(struct cert *c)
{
    X509_free(c->x509);
    EVP_PKEY_free(c->key);
    free(c->pem);
    free(c->der);
    free(c->key_pem);
    free(c->key_der);
    memset(c, 0, sizeof *c);
}
