/* SPDX-License-Identifier: BSD-3-Clause */
/* Does the certificate fit the MX name and the clock? */
#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include "tls_certs.h"

#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MX "mx.example.test"
#define DAY 86400
#define SELF MX_ID_SELF_SIGNED

static const struct {
    const char *what;
    const char *cn;
    const char *san;
    long from_s;
    long to_s;
    unsigned flags;
    const char *name; /* of mx_identity_describe() */
} checks[] = {
    {"right name", "x", "DNS:" MX, 0, 0, SELF, MX},
    {"capitals", "x", "DNS:MX.Example.TEST", 0, 0, SELF, "MX.Example.TEST"},
    {"one of several", "x", "DNS:a.test,email:a@b.test,DNS:" MX ",DNS:c.test",
     0, 0, SELF, "a.test"},
    {"common name only", MX, NULL, 0, 0, SELF | MX_ID_NO_SAN, ""},
    {"CN right, SAN wrong", MX, "DNS:a.test", 0, 0, SELF | MX_ID_WRONG_NAME,
     "a.test"},
    {"IP address only", MX, "IP:192.0.2.1", 0, 0, SELF | MX_ID_NO_SAN, ""},
    {"e-mail only", MX, "email:a@" MX, 0, 0, SELF | MX_ID_NO_SAN, ""},
    {"URI only", MX, "URI:https://" MX, 0, 0, SELF | MX_ID_NO_SAN, ""},
    {"the mail domain", "x", "DNS:example.test", 0, 0, SELF | MX_ID_WRONG_NAME,
     "example.test"},
    {"wildcard", "x", "DNS:*.example.test", 0, 0, SELF | MX_ID_WILDCARD,
     "*.example.test"},
    {"wildcard and name", "x", "DNS:*.example.test,DNS:" MX, 0, 0, SELF,
     "*.example.test"},
    {"name and wildcard", "x", "DNS:" MX ",DNS:*.example.test", 0, 0, SELF, MX},
    {"wildcard and wrong", "x", "DNS:*.example.test,DNS:a.test", 0, 0,
     SELF | MX_ID_WILDCARD, "*.example.test"},
    {"part of a label", "x", "DNS:m*.example.test", 0, 0,
     SELF | MX_ID_WRONG_NAME, "m*.example.test"},
    {"wildcard of two labels", "x", "DNS:*.test", 0, 0, SELF | MX_ID_WRONG_NAME,
     "*.test"},
    {"expired", "x", "DNS:" MX, -2 * DAY, -60, SELF | MX_ID_EXPIRED, MX},
    {"not yet", "x", "DNS:" MX, 60, DAY, SELF | MX_ID_NOT_YET, MX},
    {"wrong and expired", "x", "DNS:a.test", -2 * DAY, -DAY,
     SELF | MX_ID_WRONG_NAME | MX_ID_EXPIRED, "a.test"},
    {"empty subject", NULL, "DNS:" MX, 0, 0, 0, MX},
};

static struct mx_identity load(const struct cert *c)
{
    struct mx_identity id;

    assert_int_equal(mx_identity_load(&id, c->pem, c->pem_len, c->key_pem,
                                      c->key_pem_len, NULL),
                     0);
    return id;
}

/* OpenSSL's opinion must be ours. */
static void agree(const struct cert *c, unsigned flags, const char *what)
{
    int ok = X509_check_host(c->x509, MX, 0,
                             X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                 X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                             NULL);

    if ((ok == 1) != ((flags & MX_ID_FATAL) == 0)) {
        fail_msg("%s: openssl disagrees", what);
    }
}

static void table(void **state)
{
    int64_t now = time(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct cert c = cert_make(
            &(struct cert_spec){.cn = checks[i].cn,
                                .san = checks[i].san,
                                .from_s = checks[i].from_s,
                                .to_s = checks[i].to_s,
                                .issuer_cn = checks[i].cn ? NULL : "ca"});
        struct mx_identity id = load(&c);
        unsigned flags = mx_identity_check(&id, MX, now);
        struct mx_identity_facts facts;

        if (flags != checks[i].flags) {
            fail_msg("%s: %u, not %u", checks[i].what, flags, checks[i].flags);
        }
        assert_int_equal(mx_identity_check(&id, MX ".", now), flags);
        assert_int_equal(mx_identity_check(&id, MX, 0),
                         (flags & ~(unsigned)(MX_ID_EXPIRED | MX_ID_NOT_YET)) |
                             MX_ID_NO_CLOCK);
        agree(&c, flags, checks[i].what);
        assert_int_equal(mx_identity_describe(&id, &facts), 0);
        assert_string_equal(facts.name, checks[i].name);
        assert_string_equal(facts.key_type, "P-256");
        assert_int_equal(facts.chain_len, 1);
        mx_identity_free(&id);
        cert_free(&c);
    }
}

/* To the second, both ends included (RFC 5280 4.1.2.5). */
static void dates(void **state)
{
    struct cert c = cert_make(&(struct cert_spec){.cn = "x", .san = "DNS:" MX});
    struct mx_identity id = load(&c);
    struct mx_identity_facts f;
    struct tm tm;

    (void)state;
    mx_identity_describe(&id, &f);
    assert_int_equal(ASN1_TIME_to_tm(X509_get0_notAfter(c.x509), &tm), 1);
    assert_int_equal(
        ASN1_TIME_cmp_time_t(X509_get0_notAfter(c.x509), (time_t)f.not_after_s),
        0);
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(c.x509),
                                          (time_t)f.not_before_s),
                     0);
    assert_int_equal(mx_identity_check(&id, MX, f.not_before_s - 1),
                     SELF | MX_ID_NOT_YET);
    assert_int_equal(mx_identity_check(&id, MX, f.not_before_s), SELF);
    assert_int_equal(mx_identity_check(&id, MX, f.not_after_s), SELF);
    assert_int_equal(mx_identity_check(&id, MX, f.not_after_s + 1),
                     SELF | MX_ID_EXPIRED);
    mx_identity_free(&id);
    cert_free(&c);
}

static void issued_by_a_ca(void **state)
{
    EVP_PKEY *ca = cert_key("P-256");
    struct cert c = cert_make(&(struct cert_spec){
        .cn = "x", .san = "DNS:" MX, .signer = ca, .issuer_cn = "ca"});
    struct mx_identity id = load(&c);

    (void)state;
    assert_int_equal(mx_identity_check(&id, MX, time(NULL)), 0);
    mx_identity_free(&id);
    cert_free(&c);
    EVP_PKEY_free(ca);
}

/* The digest of a TLSA 3 1 1 record, by openssl. */
static void spki(void **state)
{
    static const char *const kinds[] = {
        "P-256",
#if MX_TLS_RSA
        "RSA-2048",
#endif
    };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        EVP_PKEY *key = cert_key(kinds[i]);
        struct cert c = cert_make(
            &(struct cert_spec){.cn = "x", .san = "DNS:a", .key = key});
        struct mx_identity id = load(&c);
        struct mx_identity_facts facts;
        unsigned char *der = NULL;
        int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(c.x509), &der);
        uint8_t want[32];
        uint8_t got[32];

        SHA256(der, (size_t)len, want);
        assert_int_equal(mx_identity_spki_sha256(&id, got), 0);
        assert_memory_equal(got, want, 32);
        mx_identity_describe(&id, &facts);
        assert_string_equal(facts.key_type, kinds[i]);
        OPENSSL_free(der);
        mx_identity_free(&id);
        cert_free(&c);
        EVP_PKEY_free(key);
    }
}

static void nothing_loaded(void **state)
{
    struct mx_identity id = {0};
    struct mx_identity_facts facts;
    uint8_t digest[32];

    (void)state;
    assert_int_equal(mx_identity_check(&id, MX, 1) & MX_ID_FATAL, MX_ID_NO_SAN);
    assert_int_equal(mx_identity_describe(&id, &facts), MX_EINVAL);
    assert_int_equal(mx_identity_spki_sha256(&id, digest), MX_EINVAL);
    mx_identity_free(&id);
}

static void advice(void **state)
{
    (void)state;
    for (unsigned flag = 1; flag <= MX_ID_CHAIN_ORDER; flag <<= 1) {
        const char *text = mx_identity_advice((enum mx_identity_flag)flag);

        assert_true(strlen(text) > 40);
        assert_int_equal(text[strlen(text) - 1], '.');
    }
    assert_string_equal(mx_identity_advice((enum mx_identity_flag)256), "");
}

static int setup(void **state)
{
    (void)state;
    return mx_tls_arena_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),          cmocka_unit_test(dates),
        cmocka_unit_test(issued_by_a_ca), cmocka_unit_test(spki),
        cmocka_unit_test(nothing_loaded), cmocka_unit_test(advice),
    };

    return cmocka_run_group_tests_name("check", tests, setup, NULL);
}
