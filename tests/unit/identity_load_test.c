/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that are good, and every way in which they are not. */
#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include "tls/arena.h"
#include "tls_certs.h"

#include <openssl/pem.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct cert good;
static struct mx_arena_stats before;

static struct mx_arena_stats stats(void)
{
    struct mx_arena_stats s;

    mx_tls_arena_stats(&s);
    return s;
}

/* Loads, checks the result, gives it back: nothing stays in the arena. `part`
 * is what *why has to mention. */
static void load(const void *cert, size_t cert_len, const void *key,
                 size_t key_len, int err, const char *part)
{
    struct mx_identity id;
    const char *why = "";
    int ret = mx_identity_load(&id, cert, cert_len, key, key_len, &why);

    if (ret != err || strstr(why, part) == NULL) {
        fail_msg("%s (%s), not %s (%s)", mx_strerror(ret), why,
                 mx_strerror(err), part);
    }
    assert_int_equal(id.impl != NULL, err == 0);
    mx_identity_free(&id);
    mx_identity_free(&id);
    assert_int_equal(mx_identity_load(&id, cert, cert_len, key, key_len, NULL),
                     err);
    mx_identity_free(&id);
    assert_int_equal(stats().used, before.used);
    assert_int_equal(stats().largest, before.largest);
}

static void pem_and_der(void **state)
{
    (void)state;
    load(good.pem, good.pem_len, good.key_pem, good.key_pem_len, 0, "");
    load(good.pem, good.pem_len + 1, good.key_pem, good.key_pem_len + 1, 0, "");
    load(good.der, good.der_len, good.key_der, good.key_der_len, 0, "");
    load(good.pem, good.pem_len, good.key_der, good.key_der_len, 0, "");
    load(good.der, good.der_len, good.key_pem, good.key_pem_len, 0, "");
}

/* Text around the blocks, CRLF, and openssl's EC PARAMETERS. */
static void pem_as_found(void **state)
{
    char *cert = calloc(1, 2 * good.pem_len + 100);
    char key[1000];
    BIO *bio = BIO_new(BIO_s_mem());
    char *data;
    size_t n;

    (void)state;
    n = (size_t)sprintf(cert, "subject=CN = x\r\n-- no block --\r\n");
    for (const char *p = good.pem; *p != '\0'; p++) {
        if (*p == '\n') {
            cert[n++] = '\r';
        }
        cert[n++] = *p;
    }
    PEM_write_bio_PrivateKey_traditional(bio, good.key, NULL, NULL, 0, NULL,
                                         NULL);
    BIO_get_mem_data(bio, &data);
    sprintf(key,
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
            "-----END EC PARAMETERS-----\n%.*s",
            (int)BIO_pending(bio), data);
    load(cert, n, key, strlen(key), 0, "");
    BIO_free(bio);
    free(cert);
}

static void chain_of_three(void **state)
{
    /* Keys that mbedTLS is not built for, as public CAs have them. */
    EVP_PKEY *root_key = cert_key("RSA-2048");
    EVP_PKEY *mid_key = cert_key("P-384");
    struct cert root = cert_make(
        &(struct cert_spec){.cn = "root", .ca = true, .key = root_key});
    struct cert mid = cert_make(&(struct cert_spec){.cn = "mid",
                                                    .ca = true,
                                                    .key = mid_key,
                                                    .signer = root_key,
                                                    .issuer_cn = "root"});
    struct cert leaf = cert_make(&(struct cert_spec){.cn = "leaf",
                                                     .san = "DNS:mx.test",
                                                     .signer = mid_key,
                                                     .issuer_cn = "mid"});
    char *all = malloc(leaf.pem_len + mid.pem_len + root.pem_len + 1);
    struct mx_identity id;
    struct mx_identity_facts facts;

    (void)state;
    sprintf(all, "%s%s%s", leaf.pem, mid.pem, root.pem);
    load(all, strlen(all), leaf.key_pem, leaf.key_pem_len, 0, "");
    assert_int_equal(mx_identity_load(&id, all, strlen(all), leaf.key_pem,
                                      leaf.key_pem_len, NULL),
                     0);
    assert_int_equal(mx_identity_describe(&id, &facts), 0);
    assert_int_equal(facts.chain_len, 3);
    assert_string_equal(facts.name, "mx.test");
    mx_identity_free(&id);
    sprintf(all, "%s%s%s", root.pem, mid.pem, leaf.pem);
    load(all, strlen(all), leaf.key_pem, leaf.key_pem_len, MX_EMISMATCH,
         "out of order");
    sprintf(all, "%s%s%s", mid.pem, root.pem, leaf.pem);
    load(all, strlen(all), leaf.key_pem, leaf.key_pem_len, MX_EMISMATCH,
         "out of order");
    /* Of two that know nothing of each other the key is the second's. */
    sprintf(all, "%s%s", good.pem, leaf.pem);
    load(all, strlen(all), leaf.key_pem, leaf.key_pem_len, MX_EMISMATCH, "key");
    free(all);
    cert_free(&leaf);
    cert_free(&mid);
    cert_free(&root);
    EVP_PKEY_free(mid_key);
    EVP_PKEY_free(root_key);
}

/* As DER, and the wrong way round; the CA's key is of a kind that is here. */
static void chain_in_der(void **state)
{
    EVP_PKEY *ca_key = cert_key("P-256");
    struct cert ca =
        cert_make(&(struct cert_spec){.cn = "ca", .ca = true, .key = ca_key});
    struct cert leaf = cert_make(&(struct cert_spec){.cn = "leaf",
                                                     .san = "DNS:mx.test",
                                                     .signer = ca_key,
                                                     .issuer_cn = "ca"});
    size_t len = leaf.der_len + ca.der_len;
    unsigned char *all = malloc(len + good.der_len);
    struct mx_identity id;
    struct mx_identity_facts facts;
    const char *why;

    (void)state;
    memcpy(all, leaf.der, leaf.der_len);
    memcpy(all + leaf.der_len, ca.der, ca.der_len);
    load(all, len - 1, leaf.key_der, leaf.key_der_len, MX_EFORMAT, "cert");
    assert_int_equal(
        mx_identity_load(&id, all, len, leaf.key_der, leaf.key_der_len, NULL),
        0);
    mx_identity_describe(&id, &facts);
    assert_int_equal(facts.chain_len, 2);
    assert_string_equal(facts.issuer, "ca");
    assert_false(facts.self_signed);
    assert_int_equal(mx_identity_admit(&id, "mx.test", 0, &why), 0);
    assert_int_equal(mx_identity_admit(&id, "other.test", 0, &why),
                     MX_EREFUSED);
    assert_string_equal(why, mx_identity_advice(MX_ID_WRONG_NAME));
    mx_identity_free(&id);
    memcpy(all, ca.der, ca.der_len);
    memcpy(all + ca.der_len, leaf.der, leaf.der_len);
    load(all, len, leaf.key_der, leaf.key_der_len, MX_EMISMATCH,
         "out of order: the leaf has to come first");
    memcpy(all, leaf.der, leaf.der_len);
    memcpy(all + leaf.der_len, good.der, good.der_len);
    assert_int_equal(mx_identity_load(&id, all, leaf.der_len + good.der_len,
                                      leaf.key_der, leaf.key_der_len, NULL),
                     0);
    assert_int_equal(mx_identity_check(&id, "mx.test", 0),
                     MX_ID_NO_CLOCK | MX_ID_CHAIN_ORDER);
    assert_int_equal(mx_identity_admit(&id, "mx.test", 0, &why), MX_EREFUSED);
    mx_identity_free(&id);
    free(all);
    cert_free(&leaf);
    cert_free(&ca);
    EVP_PKEY_free(ca_key);
}

static void chain_too_long(void **state)
{
    char *all = calloc(64, good.pem_len);

    (void)state;
    for (size_t i = 0; i < 60; i++) {
        memcpy(all + i * good.pem_len, good.pem, good.pem_len);
    }
    load(all, 60 * good.pem_len, good.key_pem, good.key_pem_len, MX_ENOTSUP,
         "MX_TLS_OUT_MAX");
    free(all);
}

static void kinds_of_key(void **state)
{
    static const struct {
        const char *kind;
        int err;
    } kinds[] = {
        {"P-256", 0},
        {"P-384", MX_ENOTSUP},
        {"secp256k1", MX_ENOTSUP}, /* 256 bits alone are not enough */
        {"RSA-1024", MX_ENOTSUP},
#if MX_TLS_RSA
        {"RSA-2048", 0},
        {"RSA-4096", 0},
#else
        {"RSA-2048", MX_ENOTSUP},
#endif
    };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        EVP_PKEY *key = cert_key(kinds[i].kind);
        struct cert c = cert_make(&(struct cert_spec){.cn = "x", .key = key});

        load(c.pem, c.pem_len, c.key_pem, c.key_pem_len, kinds[i].err,
             kinds[i].err == 0 ? "" : "certificate: ");
        load(good.pem, good.pem_len, c.key_pem, c.key_pem_len,
             kinds[i].err == 0 ? MX_EMISMATCH : kinds[i].err, "key");
        cert_free(&c);
        EVP_PKEY_free(key);
    }
}

static void encrypted_key(void **state)
{
    char *data;
    BIO *bio;

    (void)state;
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, good.key, EVP_aes_128_cbc(), "pw", 2,
                                  NULL, NULL);
    BIO_get_mem_data(bio, &data);
    load(good.pem, good.pem_len, data, (size_t)BIO_pending(bio), MX_ENOTSUP,
         "encrypted");
    BIO_free(bio);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey_traditional(bio, good.key, EVP_aes_128_cbc(),
                                         (const void *)"pw", 2, NULL, NULL);
    BIO_get_mem_data(bio, &data);
    load(good.pem, good.pem_len, data, (size_t)BIO_pending(bio), MX_ENOTSUP,
         "encrypted");
    BIO_free(bio);
}

static void garbage(void **state)
{
    static const char *const junk[] = {
        "",
        "0",
        "\x30\x82",
        "\x30\x03\x02\x01\x01",
        "hello",
        "-----BEGIN ",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        load(junk[i], strlen(junk[i]), good.key_pem, good.key_pem_len,
             MX_EFORMAT, "certificate: ");
        load(good.pem, good.pem_len, junk[i], strlen(junk[i]), MX_EFORMAT,
             "key: ");
    }
    /* The files exchanged. */
    load(good.key_pem, good.key_pem_len, good.pem, good.pem_len, MX_EFORMAT,
         "certificate: ");
    load(good.pem, good.pem_len, good.pem, good.pem_len, MX_EFORMAT, "key: ");
}

/* Cut off anywhere; the last byte of a PEM is its line end. */
static void truncated(void **state)
{
    (void)state;
    for (size_t n = 0; n < good.pem_len - 1; n += 7) {
        load(good.pem, n, good.key_pem, good.key_pem_len, MX_EFORMAT, "cert");
    }
    for (size_t n = 0; n < good.key_pem_len - 1; n += 3) {
        load(good.pem, good.pem_len, good.key_pem, n, MX_EFORMAT, "key");
    }
    for (size_t n = 0; n < good.der_len; n++) {
        load(good.der, n, good.key_der, good.key_der_len, MX_EFORMAT, "cert");
    }
    for (size_t n = 0; n < good.key_der_len; n++) {
        load(good.der, good.der_len, good.key_der, n, MX_EFORMAT, "key");
    }
}

/* A bit turned anywhere must not bring anything down. */
static void flipped_bits(void **state)
{
    unsigned char *der = malloc(good.der_len);

    (void)state;
    for (size_t i = 0; i < good.der_len * 8; i += 3) {
        struct mx_identity id;

        memcpy(der, good.der, good.der_len);
        der[i / 8] ^= (unsigned char)(1 << i % 8);
        mx_identity_load(&id, der, good.der_len, good.key_der, good.key_der_len,
                         NULL);
        mx_identity_free(&id);
    }
    assert_int_equal(stats().used, before.used);
    free(der);
}

/* Ever less memory, down to none: MX_ENOMEM, and no leak. */
static void no_memory(void **state)
{
    unsigned refused = 0;

    (void)state;
    for (size_t room = 12000; room > 200; room -= 40) {
        struct mx_identity id;
        void *rest = mx_arena_calloc(1, before.largest - room);
        int err = mx_identity_load(&id, good.pem, good.pem_len, good.key_pem,
                                   good.key_pem_len, NULL);

        assert_true(err == 0 || err == MX_ENOMEM);
        refused += err != 0;
        mx_identity_free(&id);
        mx_arena_free(rest);
        assert_int_equal(stats().used, before.used);
    }
    assert_true(refused > 10 && refused < 290);
}

static int setup(void **state)
{
    (void)state;
    assert_int_equal(mx_tls_arena_init(), 0);
    before = stats();
    good =
        cert_make(&(struct cert_spec){.cn = "mx.test", .san = "DNS:mx.test"});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    cert_free(&good);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pem_and_der),    cmocka_unit_test(pem_as_found),
        cmocka_unit_test(chain_of_three), cmocka_unit_test(chain_in_der),
        cmocka_unit_test(chain_too_long), cmocka_unit_test(kinds_of_key),
        cmocka_unit_test(encrypted_key),  cmocka_unit_test(garbage),
        cmocka_unit_test(truncated),      cmocka_unit_test(flipped_bits),
        cmocka_unit_test(no_memory),
    };

    return cmocka_run_group_tests_name("load", tests, setup, teardown);
}
