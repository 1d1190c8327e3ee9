/* SPDX-License-Identifier: BSD-3-Clause */
/* Key, certificate and request one by one, as OpenSSL sees them; and the
 * certificate on its way back, in lines. */
#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MX "mx.example.test"
#define LABEL50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LONGEST LABEL50 "." LABEL50 "." LABEL50 "." LABEL50 "." LABEL50 + 1

static uint8_t key[MX_IDENTITY_KEY_DER_MAX];
static size_t key_len;

/* The request's only SAN, and that it is signed by the key in it. */
static void check_request(const char *name)
{
    char pem[MX_IDENTITY_CSR_MAX];
    BIO *bio;
    X509_REQ *req;
    STACK_OF(X509_EXTENSION) * exts;
    GENERAL_NAMES *san;

    assert_int_equal(mx_identity_request(key, key_len, name, pem), 0);
    bio = BIO_new_mem_buf(pem, -1);
    req = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    assert_non_null(req);
    assert_int_equal(X509_REQ_verify(req, X509_REQ_get0_pubkey(req)), 1);
    assert_int_equal(X509_REQ_get_signature_nid(req), NID_ecdsa_with_SHA256);
    exts = X509_REQ_get_extensions(req);
    san = X509V3_get_d2i(exts, NID_subject_alt_name, NULL, NULL);
    assert_int_equal(sk_GENERAL_NAME_num(san), 1);
    assert_string_equal(
        ASN1_STRING_get0_data(sk_GENERAL_NAME_value(san, 0)->d.dNSName), name);
    GENERAL_NAMES_free(san);
    sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
    X509_REQ_free(req);
    BIO_free(bio);
}

static void requests(void **state)
{
    (void)state;
    check_request(MX);
    check_request("xn--mx-1ia.example.test");
    check_request(LONGEST);
}

/* The same key by every way: the data of one TLSA record. */
static void one_digest(void **state)
{
    uint8_t der[MX_IDENTITY_CERT_DER_MAX];
    uint8_t of_key[32];
    uint8_t of_cert[32];
    const uint8_t *p = key;
    struct mx_identity id;
    unsigned char *spki = NULL;
    EVP_PKEY *k = d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)key_len);
    size_t len;
    int n;

    (void)state;
    assert_int_equal(mx_identity_self_sign(key, key_len, LONGEST, 0, der, &len),
                     0);
    assert_int_equal(mx_identity_load(&id, der, len, key, key_len, NULL), 0);
    assert_int_equal(mx_identity_spki_sha256(&id, of_cert), 0);
    mx_identity_free(&id);
    assert_int_equal(mx_identity_key_sha256(key, key_len, of_key), 0);
    assert_memory_equal(of_key, of_cert, 32);
    n = i2d_PUBKEY(k, &spki);
    assert_memory_equal(SHA256(spki, (size_t)n, NULL), of_key, 32);
    OPENSSL_free(spki);
    EVP_PKEY_free(k);
}

static void refused(void **state)
{
    static const char *const bad[] = {"", "*.example.test", "m\xc3\xbc.test",
                                      "192.0.2.1"};
    char pem[MX_IDENTITY_CSR_MAX];
    uint8_t der[MX_IDENTITY_CERT_DER_MAX];
    uint8_t digest[32];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(mx_identity_request(key, key_len, bad[i], pem),
                         MX_EINVAL);
        assert_int_equal(
            mx_identity_self_sign(key, key_len, bad[i], 0, der, &len),
            MX_EINVAL);
    }
    assert_int_equal(mx_identity_request(key, key_len - 1, MX, pem),
                     MX_EFORMAT);
    assert_int_equal(mx_identity_key_sha256("x", 1, digest), MX_EFORMAT);
}

/* --- in lines ----------------------------------------------------------- */

#define B "-----BEGIN CERTIFICATE-----\n"
#define E "-----END CERTIFICATE-----\n"

static const struct {
    const char *what;
    const char *text;
    int err;
    unsigned count;
    const char *der;
} texts[] = {
    {"nothing", "", 0, 0, ""},
    {"one", B "YWJj\n" E, 0, 1, "abc"},
    {"padding", B "YWJjZA==\n" E, 0, 1, "abcd"},
    {"two with text around", "s:CN=x\n" B "YWI=\n" E "i:\n" B "Yw==\n" E, 0, 2,
     "abc"},
    {"indented, CRLF", "  -----BEGIN CERTIFICATE-----\r\n YW\r\nJj\r\n " E, 0,
     1, "abc"},
    {"cut off", B "YWJj\n", MX_EFORMAT, 0, "abc"},
    {"END in a group", B "YWJ\n" E, MX_EFORMAT, 1, ""},
    {"empty", B E, MX_EFORMAT, 1, ""},
    {"behind the padding", B "YQ==YWJj\n" E, MX_EFORMAT, 0, "a"},
    {"too much padding", B "Y===\n" E, MX_EFORMAT, 0, ""},
    {"not base64", B "YW!j\n" E, MX_EFORMAT, 0, ""},
    {"BEGIN twice", B "YWJj\n" B "YWJj\n" E, MX_EFORMAT, 0, "abc"},
    {"too large", B "YWJjYWJjYWJj\n" E, MX_E2BIG, 0, "abcabcab"},
    {"a key", "-----BEGIN PRIVATE KEY-----\nYWJj\n", MX_EREFUSED, 0, ""},
    {"a key behind", B "YWJj\n" E "-----BEGIN EC PRIVATE KEY-----\r\n",
     MX_EREFUSED, 1, "abc"},
    {"something else", "-----BEGIN X509 CRL-----\nYWJj\n", 0, 0, ""},
};

static int read_lines(struct mx_pem *pem, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");

        mx_pem_line(pem, text, n);
        text += n + (text[n] == '\n');
    }
    return mx_pem_end(pem);
}

static void lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t buf[8];
        struct mx_pem pem = {.der = buf, .room = sizeof buf};
        int err = read_lines(&pem, texts[i].text);

        if (err != texts[i].err || pem.count != texts[i].count ||
            pem.len != strlen(texts[i].der) ||
            memcmp(buf, texts[i].der, pem.len) != 0) {
            fail_msg("%s: %s, %u certificates, %zu bytes", texts[i].what,
                     mx_strerror(err), pem.count, pem.len);
        }
    }
}

static int setup(void **state)
{
    (void)state;
    return mx_tls_arena_init() != 0 || mx_identity_make_key(key, &key_len) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),
        cmocka_unit_test(one_digest),
        cmocka_unit_test(refused),
        cmocka_unit_test(lines),
    };

    return cmocka_run_group_tests_name("request", tests, setup, NULL);
}
