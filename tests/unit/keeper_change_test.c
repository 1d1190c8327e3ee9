/* SPDX-License-Identifier: BSD-3-Clause */
/* Changes: keys, certificates, and a device that fails meanwhile. */
#include "keeper_stage.h"

#include "tinymx/tls.h"

#include <openssl/pem.h>
#include <openssl/sha.h>

#include <string.h>

/* --- keys ----------------------------------------------------------------- */

static void another(void **state)
{
    struct digest first, second;

    (void)state;
    assert_int_equal(start(), 0);
    first = digest(false);
    assert_int_equal(mx_keeper_new(&keeper, &why), 0);
    second = digest(false);
    assert_differ(first, second);
    assert_int_equal(keeper.changes, 1);
    assert_int_equal(start(), 0);
    assert_same(digest(false), second);
}

static void next_and_switch(void **state)
{
    struct digest next;

    (void)state;
    assert_int_equal(start(), 0);
    assert_int_equal(mx_keeper_digest(&keeper, true, next.byte), MX_EINVAL);
    assert_answer(mx_keeper_switch(&keeper, &why), MX_EINVAL, "no next key");
    assert_int_equal(mx_keeper_next(&keeper, &why), 0);
    next = digest(true);
    assert_differ(next, digest(false));
    assert_answer(mx_keeper_next(&keeper, &why), MX_EEXIST, "identity switch");
    assert_int_equal(start(), 0);
    assert_same(digest(true), next);
    assert_int_equal(mx_keeper_switch(&keeper, &why), 0);
    assert_same(digest(false), next);
    assert_string_equal(facts().name, MX);
    assert_answer(mx_keeper_switch(&keeper, &why), MX_EINVAL, "no next key");
    assert_int_equal(start(), 0);
    assert_same(digest(false), next);
}

static void dropped(void **state)
{
    struct digest first, next;

    (void)state;
    assert_int_equal(start(), 0);
    first = digest(false);
    assert_answer(mx_keeper_drop(&keeper, &why), MX_EINVAL, "no next key");
    assert_int_equal(mx_keeper_next(&keeper, &why), 0);
    next = digest(true);
    assert_int_equal(mx_keeper_drop(&keeper, &why), 0);
    assert_int_equal(mx_keeper_digest(&keeper, true, next.byte), MX_EINVAL);
    assert_int_equal(start(), 0);
    assert_same(digest(false), first);
    assert_int_equal(mx_keeper_next(&keeper, &why), 0);
    assert_differ(digest(true), next);
}

/* A new key leaves the next one alone. */
static void another_beside_a_next(void **state)
{
    struct digest next;

    (void)state;
    assert_int_equal(start(), 0);
    assert_int_equal(mx_keeper_next(&keeper, &why), 0);
    next = digest(true);
    assert_int_equal(mx_keeper_new(&keeper, &why), 0);
    assert_same(digest(true), next);
    assert_differ(digest(false), next);
}

static char request[MX_IDENTITY_CSR_MAX];

static void take(void *ctx, const char *pem)
{
    (void)ctx;
    strcpy(request, pem);
}

/* As a TLSA record has it, computed by OpenSSL. */
static struct digest digest_of(X509_REQ *req)
{
    struct digest d;
    unsigned char *spki = NULL;
    int len = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(req), &spki);

    assert_true(len > 0);
    SHA256(spki, (size_t)len, d.byte);
    OPENSSL_free(spki);
    return d;
}

static void assert_requested(bool next)
{
    EVP_PKEY *key = device_key(next ? MX_ID_NEXT_KEY : MX_ID_KEY);
    BIO *bio;
    X509_REQ *req;

    assert_int_equal(mx_keeper_request(&keeper, next, take, NULL, &why), 0);
    bio = BIO_new_mem_buf(request, -1);
    req = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    assert_int_equal(EVP_PKEY_eq(X509_REQ_get0_pubkey(req), key), 1);
    assert_int_equal(X509_REQ_verify(req, key), 1);
    assert_same(digest_of(req), digest(next));
    X509_REQ_free(req);
    BIO_free(bio);
    EVP_PKEY_free(key);
}

static void requests(void **state)
{
    (void)state;
    assert_int_equal(start(), 0);
    assert_requested(false);
    assert_answer(mx_keeper_request(&keeper, true, take, NULL, &why), MX_EINVAL,
                  "no next key");
    assert_int_equal(mx_keeper_next(&keeper, &why), 0);
    assert_requested(true);
    assert_requested(false);
}

/* --- certificates --------------------------------------------------------- */

/* Line by line, without their ends, as a console has them. */
static int paste(const char *text)
{
    int rc = mx_keeper_paste(&keeper, &why);

    while (rc == 0 && *text != '\0') {
        size_t len = strcspn(text, "\n");

        rc = mx_keeper_paste_line(&keeper, text, len, &why);
        text += text[len] == '\n' ? len + 1 : len;
    }
    return rc == 0 ? mx_keeper_paste_end(&keeper, &why) : rc;
}

enum way { BY_LINES, BY_TEXT, BY_DER, WAYS };

static int install(enum way way, const struct cert *c)
{
    switch (way) {
    case BY_LINES:
        return paste(c->pem);
    case BY_TEXT:
        return mx_keeper_install_text(&keeper, c->pem, c->pem_len, &why);
    default:
        return mx_keeper_install_text(&keeper, (const char *)c->der, c->der_len,
                                      &why);
    }
}

static void installed(void **state)
{
    (void)state;
    for (enum way way = 0; way < WAYS; way++) {
        struct digest first;
        struct cert c;

        keeper_setup(NULL);
        assert_int_equal(start(), 0);
        first = digest(false);
        c = issue(device_key(MX_ID_KEY), "DNS:" MX);
        assert_int_equal(install(way, &c), 0);
        assert_string_equal(facts().issuer, "ca");
        assert_int_equal(keeper.flags, 0);
        assert_int_equal(start(), 0);
        assert_string_equal(facts().issuer, "ca");
        assert_same(digest(false), first);
        cert_free(&c);
    }
}

static void installed_for_the_next(void **state)
{
    (void)state;
    for (enum way way = 0; way < WAYS; way++) {
        struct digest next, gone;
        struct cert c;

        keeper_setup(NULL);
        assert_int_equal(start(), 0);
        assert_int_equal(mx_keeper_next(&keeper, &why), 0);
        next = digest(true);
        c = issue(device_key(MX_ID_NEXT_KEY), "DNS:" MX);
        assert_int_equal(install(way, &c), 0);
        assert_same(digest(false), next);
        assert_int_equal(mx_keeper_digest(&keeper, true, gone.byte), MX_EINVAL);
        assert_int_equal(start(), 0);
        assert_string_equal(facts().issuer, "ca");
        assert_same(digest(false), next);
        cert_free(&c);
    }
}

/* A certificate for the key in use leaves the next one alone. */
static void installed_beside_a_next(void **state)
{
    struct digest next;
    struct cert c;

    (void)state;
    assert_int_equal(start(), 0);
    assert_int_equal(mx_keeper_next(&keeper, &why), 0);
    next = digest(true);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    assert_int_equal(install(BY_LINES, &c), 0);
    assert_same(digest(true), next);
    cert_free(&c);
}

/* A file that begins as DER does, by chance, is a PEM file. */
static void kept_as_der(void **state)
{
    char text[4096] = "0 = CN = " MX "\n";
    struct cert c;

    (void)state;
    assert_int_equal(start(), 0);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    strcat(text, c.pem);
    assert_int_equal(mx_keeper_install_text(&keeper, text, strlen(text), &why),
                     0);
    assert_int_equal(mx_idstore_len(&keeper.store, MX_ID_CHAIN), c.der_len);
    cert_free(&c);
}

/* PEM within PEM: the store keeps nothing but DER. */
static void wrapped_twice(void **state)
{
    struct digest first;
    struct cert c;
    BIO *bio = BIO_new(BIO_s_mem());
    const char *text;
    long len;

    (void)state;
    assert_int_equal(start(), 0);
    first = digest(false);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    assert_true(PEM_write_bio(bio, "CERTIFICATE", "", (const uint8_t *)c.pem,
                              (long)c.pem_len) > 0);
    len = BIO_get_mem_data(bio, &text);
    assert_answer(mx_keeper_install_text(&keeper, text, (size_t)len, &why),
                  MX_EFORMAT, "does not parse");
    assert_true(facts().self_signed);
    assert_same(digest(false), first);
    BIO_free(bio);
    cert_free(&c);
}

/* --- a paste -------------------------------------------------------------- */

static void paste_forgotten(void **state)
{
    struct cert c;

    (void)state;
    assert_int_equal(start(), 0);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    assert_int_equal(mx_keeper_paste(&keeper, &why), 0);
    test_now_ms += 59999;
    mx_keeper_poll(&keeper);
    assert_int_equal(mx_keeper_paste_line(&keeper, "hello", 5, &why), 0);
    test_now_ms += 59999;
    mx_keeper_poll(&keeper);
    assert_non_null(keeper.paste);
    test_now_ms++;
    mx_keeper_poll(&keeper);
    assert_null(keeper.paste);
    assert_answer(mx_keeper_paste_line(&keeper, "hello", 5, &why), MX_ECLOSED,
                  "nothing came for a minute");
    assert_answer(mx_keeper_paste_end(&keeper, &why), MX_ECLOSED,
                  "nothing came for a minute");
    assert_int_equal(install(BY_LINES, &c), 0);
    cert_free(&c);
}

/* The first one is gone, and nothing of it is left in the arena. */
static void paste_begun_again(void **state)
{
    struct cert c;

    (void)state;
    assert_int_equal(start(), 0);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    assert_int_equal(mx_keeper_paste(&keeper, &why), 0);
    assert_int_equal(
        mx_keeper_paste_line(&keeper, "-----BEGIN CERTIFICATE-----", 27, &why),
        0);
    assert_int_equal(install(BY_LINES, &c), 0);
    assert_string_equal(facts().issuer, "ca");
    cert_free(&c);
}

static void paste_cancelled(void **state)
{
    struct mx_arena_stats idle, now;

    (void)state;
    assert_int_equal(start(), 0);
    mx_tls_arena_stats(&idle);
    assert_int_equal(mx_keeper_paste(&keeper, &why), 0);
    mx_keeper_cancel(&keeper);
    mx_tls_arena_stats(&now);
    assert_int_equal(now.used, idle.used);
}

/* --- a device that fails -------------------------------------------------- */

static int change_to_new(void)
{
    return mx_keeper_new(&keeper, &why);
}

static int change_to_next(void)
{
    return mx_keeper_next(&keeper, &why);
}

static int change_by_ca(void)
{
    struct cert c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    int rc = install(BY_DER, &c);

    cert_free(&c);
    return rc;
}

/* Whichever operation it is: the change was made or it was not, and what serves
 * is what the next start finds. False: there are not so many. */
static bool fails_at(unsigned op, int (*change)(void))
{
    struct digest first;
    bool own;
    int rc;

    keeper_setup(NULL);
    assert_int_equal(start(), 0);
    first = digest(false);
    flash.fail_at = flash.count + op;
    rc = change();
    if (flash.count < flash.fail_at) {
        return false;
    }
    if (rc != 0) {
        assert_answer(rc, MX_EIO, "still in use");
        assert_int_equal(keeper.changes, 0);
        assert_same(digest(false), first);
    }
    first = digest(false);
    own = facts().self_signed;
    assert_int_equal(start(), 0);
    assert_same(digest(false), first);
    assert_int_equal(facts().self_signed, own);
    return true;
}

static void device_fails(void **state)
{
    static int (*const changes[])(void) = {change_to_new, change_to_next,
                                           change_by_ca};

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        unsigned op = 1;

        while (fails_at(op, changes[i])) {
            op++;
        }
        assert_true(op > 5);
    }
}

static void device_cannot_be_read(void **state)
{
    struct digest first;

    (void)state;
    assert_int_equal(start(), 0);
    first = digest(false);
    flash.dark = true;
    assert_answer(mx_keeper_new(&keeper, &why), MX_EIO, "device");
    assert_same(digest(false), first);
    flash.dark = false;
    assert_int_equal(mx_keeper_new(&keeper, &why), 0);
    assert_differ(digest(false), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPER_TEST(another),
        KEEPER_TEST(next_and_switch),
        KEEPER_TEST(dropped),
        KEEPER_TEST(another_beside_a_next),
        KEEPER_TEST(requests),
        KEEPER_TEST(installed),
        KEEPER_TEST(installed_for_the_next),
        KEEPER_TEST(installed_beside_a_next),
        KEEPER_TEST(kept_as_der),
        KEEPER_TEST(wrapped_twice),
        KEEPER_TEST(paste_forgotten),
        KEEPER_TEST(paste_begun_again),
        KEEPER_TEST(paste_cancelled),
        KEEPER_TEST(device_fails),
        KEEPER_TEST(device_cannot_be_read),
    };

    return cmocka_run_group_tests_name("keeper_change", tests, keeper_open,
                                       keeper_close);
}
