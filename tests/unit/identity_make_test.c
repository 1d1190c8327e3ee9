/* SPDX-License-Identifier: BSD-3-Clause */
/* The identity that a device makes for itself, as OpenSSL sees it. */
#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include "test_port.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MX "mx.example.test"
#define LABEL50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LONG LABEL50 "." LABEL50 "." LABEL50 "." LABEL50 "." LABEL50

static char cert[MX_IDENTITY_CERT_MAX];
static char key[MX_IDENTITY_KEY_MAX];

static X509 *parse(void)
{
    BIO *bio = BIO_new_mem_buf(cert, -1);
    X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    assert_non_null(x);
    BIO_free(bio);
    return x;
}

static void check_key(X509 *x)
{
    BIO *bio = BIO_new_mem_buf(key, -1);
    EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

    assert_non_null(k);
    assert_int_equal(X509_check_private_key(x, k), 1);
    assert_int_equal(EVP_PKEY_get_bits(k), 256);
    EVP_PKEY_free(k);
    BIO_free(bio);
}

/* As a sender would: trusted by itself, for this name, as a server. */
static void check_verifies(X509 *x, const char *name)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();

    X509_STORE_add_cert(store, x);
    X509_STORE_CTX_init(ctx, store, x, NULL);
    X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(ctx), name, 0);
    if (X509_verify_cert(ctx) != 1) {
        fail_msg("%s",
                 X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
    }
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
}

static void round_trip(const char *name)
{
    struct mx_identity id;
    struct mx_identity_facts facts;
    int64_t now = time(NULL);
    X509 *x;

    memset(cert, 'x', sizeof cert);
    memset(key, 'x', sizeof key);
    assert_int_equal(mx_identity_make(name, now, cert, key), 0);
    assert_non_null(memchr(cert, 0, sizeof cert));
    assert_non_null(memchr(key, 0, sizeof key));
    assert_int_equal(
        mx_identity_load(&id, cert, strlen(cert), key, strlen(key), NULL), 0);
    assert_int_equal(mx_identity_check(&id, name, now), MX_ID_SELF_SIGNED);
    assert_int_equal(mx_identity_describe(&id, &facts), 0);
    assert_int_equal(facts.not_before_s, now);
    assert_in_range(facts.not_after_s - now, 3650LL * 86400, 3653LL * 86400);
    mx_identity_free(&id);
    x = parse();
    check_key(x);
    check_verifies(x, name);
    assert_int_equal(X509_get_version(x), X509_VERSION_3);
    assert_int_equal(X509_check_ca(x), 0);
    assert_int_equal(X509_check_host(x, "other.test", 0, 0, NULL), 0);
    X509_free(x);
}

static void names(void **state)
{
    (void)state;
    assert_int_equal(strlen(LONG), 254);
    round_trip(MX);
    round_trip("a");
    round_trip("xn--mx-1ia.example.test");
    round_trip(LONG + 1); /* 253: the longest there is */
}

static void not_names(void **state)
{
    static const char *const bad[] = {
        "",       ".",  "mx.",       "*.example.test", "a b",
        "a,CN=b", LONG, "192.0.2.1", "mx_1",           "-a.test",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(mx_identity_make(bad[i], 0, cert, key), MX_EINVAL);
    }
}

static void without_a_clock(void **state)
{
    X509 *x;

    (void)state;
    assert_int_equal(mx_identity_make(MX, 0, cert, key), 0);
    x = parse();
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(x), 1735689600),
                     0);
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notAfter(x), 253402300799),
                     0);
    check_verifies(x, MX);
    X509_free(x);
}

/* Past 2050 the dates are of another type. */
static void after_2050(void **state)
{
    struct mx_identity id;
    int64_t now = 2600000000; /* 2052 */

    (void)state;
    assert_int_equal(mx_identity_make(MX, now, cert, key), 0);
    assert_int_equal(
        mx_identity_load(&id, cert, sizeof cert, key, sizeof key, NULL), 0);
    assert_int_equal(mx_identity_check(&id, MX, now), MX_ID_SELF_SIGNED);
    assert_int_equal(mx_identity_check(&id, MX, now - 1),
                     MX_ID_SELF_SIGNED | MX_ID_NOT_YET);
    mx_identity_free(&id);
}

static void never_the_same(void **state)
{
    X509 *a;
    X509 *b;

    (void)state;
    assert_int_equal(mx_identity_make(MX, 0, cert, key), 0);
    a = parse();
    assert_int_equal(mx_identity_make(MX, 0, cert, key), 0);
    b = parse();
    assert_int_not_equal(
        ASN1_INTEGER_cmp(X509_get0_serialNumber(a), X509_get0_serialNumber(b)),
        0);
    assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(a), X509_get0_pubkey(b)), 0);
    X509_free(a);
    X509_free(b);
}

static void gives_everything_back(void **state)
{
    struct mx_arena_stats before;
    struct mx_arena_stats after;

    (void)state;
    mx_tls_arena_stats(&before);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(mx_identity_make(MX, 0, cert, key), 0);
    }
    mx_tls_arena_stats(&after);
    assert_int_equal(after.used, before.used);
    assert_int_equal(after.blocks, before.blocks);
}

/* No randomness: there is no TLS, and it can be tried again. */
static void no_entropy(void **state)
{
    (void)state;
    test_no_entropy = 1;
    assert_int_equal(mx_tls_arena_init(), MX_EENTROPY);
    assert_int_equal(mx_identity_make(MX, 0, cert, key), MX_EENTROPY);
    test_no_entropy = 0;
    assert_int_equal(mx_tls_arena_init(), 0);
    assert_int_equal(mx_identity_make(MX, 0, cert, key), 0);
}

static int setup(void **state)
{
    (void)state;
    return mx_tls_arena_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(not_names),
        cmocka_unit_test(without_a_clock),
        cmocka_unit_test(after_2050),
        cmocka_unit_test(never_the_same),
        cmocka_unit_test(gives_everything_back),
        cmocka_unit_test(no_entropy),
    };

    return cmocka_run_group_tests_name("make", tests, setup, NULL);
}
