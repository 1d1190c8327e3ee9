/* SPDX-License-Identifier: BSD-3-Clause */
/* Handshakes and data, with every version, suite and group, however cut. */
#include "tls_peer.h"

#include "tls_certs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BIG (300u * 1024)

static struct peer_world ec;
static unsigned char text[BIG];
static unsigned char got[BIG];

static const struct {
    int version;
    const char *suite; /* OpenSSL's name */
    const char *name;  /* ours */
    const char *kind;
} suites[] = {
    {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", "EC"},
    {TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", "EC"},
    {TLS1_3_VERSION, "TLS_CHACHA20_POLY1305_SHA256",
     "TLS_CHACHA20_POLY1305_SHA256", "EC"},
    {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256",
     "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "EC"},
    {TLS1_2_VERSION, "ECDHE-ECDSA-AES256-GCM-SHA384",
     "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "EC"},
    {TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305",
     "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "EC"},
#if MX_TLS_RSA
    {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", "RSA"},
    {TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256",
     "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "RSA"},
    {TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384",
     "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "RSA"},
    {TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305",
     "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "RSA"},
#endif
};
#define SUITES (sizeof suites / sizeof *suites)

/* A client's list must have P-256 in it, or OpenSSL takes no P-256 key. */
static const struct {
    const char *list;
    int id;
} groups[] = {
#if !MX_TLS_P256M
    {"X25519:P-256", EVP_PKEY_X25519},
#endif
    {"P-256", EVP_PKEY_EC},
};
#define GROUPS (sizeof groups / sizeof *groups)

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static const char *version_name(int version)
{
    return version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2";
}

/* Both directions, and the same bytes come out. */
static void echo(struct peer *p, size_t len)
{
    memset(got, 0, len);
    peer_say(p, text, len);
    assert_int_equal(peer_take(p, got, len), len);
    assert_memory_equal(got, text, len);
    memset(got, 0, len);
    peer_send(p, text, len);
    assert_int_equal(peer_hear(p, got, len), len);
    assert_memory_equal(got, text, len);
}

static void check_group(const struct peer *p, int id)
{
    EVP_PKEY *key = NULL;

    assert_int_equal(SSL_get_peer_tmp_key(p->ssl, &key), 1);
    assert_int_equal(EVP_PKEY_get_base_id(key), id);
    EVP_PKEY_free(key);
}

static void one_suite(const struct peer_world *w, size_t i, size_t g)
{
    struct peer p;
    const struct mx_tls_facts *facts;

    peer_open(&p, w);
    peer_limit(&p, suites[i].version, suites[i].suite, groups[g].list);
    peer_shake(&p);
    facts = mx_tls_facts(&p.tls);
    assert_string_equal(facts->version, version_name(suites[i].version));
    assert_string_equal(facts->cipher, suites[i].name);
    assert_string_equal(SSL_get_version(p.ssl), facts->version);
    assert_string_equal(SSL_CIPHER_standard_name(SSL_get_current_cipher(p.ssl)),
                        facts->cipher);
    check_group(&p, groups[g].id);
    assert_false(facts->resumed);
    assert_false(facts->client_verified);
    echo(&p, 1);
    echo(&p, 16384);
    echo(&p, 40000);
    peer_close(&p);
}

static void run_suites(const char *kind)
{
    struct peer_world w;

    peer_world_open(&w, *kind == 'E' ? "P-256" : "RSA-2048");
    for (size_t i = 0; i < SUITES; i++) {
        for (size_t g = 0; *suites[i].kind == *kind && g < GROUPS; g++) {
            one_suite(&w, i, g);
        }
    }
    peer_world_close(&w);
}

static void every_suite_and_group(void **state)
{
    (void)state;
    run_suites("EC");
}

#if MX_TLS_RSA
static void every_suite_with_rsa(void **state)
{
    (void)state;
    run_suites("RSA");
}
#endif

/* Our order in TLS 1.2, the client's in 1.3. */
static void preference(void **state)
{
    struct peer p;

    (void)state;
    peer_open(&p, &ec);
    peer_limit(
        &p, TLS1_2_VERSION,
        MX_TLS_PREFER_CHACHA
            ? "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305"
            : "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256",
        NULL);
    peer_shake(&p);
    assert_string_equal(mx_tls_facts(&p.tls)->cipher,
                        MX_TLS_PREFER_CHACHA
                            ? "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
                            : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    peer_close(&p);
}

/* The client guesses P-384 or, where there is none, X25519: a retry. */
static void hello_retry(void **state)
{
    struct peer p;

    (void)state;
    peer_open(&p, &ec);
    peer_limit(&p, TLS1_3_VERSION, NULL, "P-384:P-256");
    peer_shake(&p);
    echo(&p, 1000);
    peer_close(&p);
}

/* The client trusts the root alone: it needs what we were given, whole and in
 * order, though mbedTLS cannot read it (P-384, RSA). */
static void chain_is_sent(void **state)
{
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
                                                     .san = "DNS:" PEER_NAME,
                                                     .signer = mid_key,
                                                     .issuer_cn = "mid"});
    char *all = malloc(leaf.pem_len + mid.pem_len + 1);
    struct peer_world w = ec;

    (void)state;
    memcpy(all, leaf.pem, leaf.pem_len);
    memcpy(all + leaf.pem_len, mid.pem, mid.pem_len);
    assert_int_equal(mx_identity_load(&w.id, all, leaf.pem_len + mid.pem_len,
                                      leaf.key_pem, leaf.key_pem_len, NULL),
                     0);
    assert_int_equal(mx_tls_server_init(&w.server, &w.id), 0);
    w.ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(w.ctx, SSL_VERIFY_PEER, NULL);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(w.ctx), root.x509);
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        peer_open(&p, &w);
        peer_limit(&p, versions[v], NULL, NULL);
        peer_shake(&p);
        assert_int_equal(SSL_get_verify_result(p.ssl), X509_V_OK);
        assert_int_equal(sk_X509_num(SSL_get_peer_cert_chain(p.ssl)), 2);
        peer_close(&p);
    }
    mx_tls_server_free(&w.server);
    mx_identity_free(&w.id);
    SSL_CTX_free(w.ctx);
    free(all);
    cert_free(&leaf);
    cert_free(&mid);
    cert_free(&root);
    EVP_PKEY_free(mid_key);
    EVP_PKEY_free(root_key);
}

/* --- cuts --------------------------------------------------------------- */

/* Pieces of every size up to 64, and some larger, both ways. */
static void every_cut(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        for (size_t n = 1; n <= 3000; n += n < 64 ? 1 : 173) {
            struct peer p;

            peer_open(&p, &ec);
            peer_limit(&p, versions[v], NULL, NULL);
            p.push_max = n;
            p.ack_max = n;
            peer_shake(&p);
            echo(&p, 700);
            peer_close(&p);
        }
    }
}

/* The client's first flight cut in two at every byte. */
static void hello_cut_in_two(void **state)
{
    size_t cut = 1;
    size_t len;

    (void)state;
    do {
        struct peer p;
        char *data;

        peer_open(&p, &ec);
        SSL_do_handshake(p.ssl);
        len = (size_t)BIO_get_mem_data(p.from_ssl, &data);
        assert_int_equal(mx_tls_push(&p.tls, data, cut), cut);
        assert_null(mx_tls_out_buf(&p.tls, &(size_t){0}));
        assert_int_equal(mx_tls_push(&p.tls, data + cut, len - cut), len - cut);
        assert_non_null(mx_tls_out_buf(&p.tls, &(size_t){0}));
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_HANDSHAKE);
        peer_close(&p);
    } while (++cut < len);
    assert_true(cut > 100);
}

/* A handshake message in records of 40 bytes each. */
static void hello_in_small_records(void **state)
{
    struct peer p;
    unsigned char *data;
    size_t len;

    (void)state;
    peer_open(&p, &ec);
    SSL_do_handshake(p.ssl);
    len = (size_t)BIO_get_mem_data(p.from_ssl, &data) - 5;
    for (size_t at = 0; at < len; at += 40) {
        size_t n = len - at < 40 ? len - at : 40;
        unsigned char record[45] = {22, 3, 1, 0, (unsigned char)n};

        memcpy(record + 5, data + 5 + at, n);
        assert_int_equal(mx_tls_push(&p.tls, record, 5 + n), 5 + n);
    }
    BIO_reset(p.from_ssl);
    peer_shake(&p);
    peer_close(&p);
}

/* --- data --------------------------------------------------------------- */

static void much_data(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        peer_open(&p, &ec);
        peer_limit(&p, versions[v], NULL, NULL);
        peer_shake(&p);
        p.push_max = 1460;
        p.ack_max = 7;
        echo(&p, BIG);
        peer_close(&p);
    }
}

/* Every record we write is at most MX_TLS_OUT_MAX, and is what was asked. */
static void records_are_bounded(void **state)
{
    struct peer p;
    size_t len;

    (void)state;
    peer_open(&p, &ec);
    peer_shake(&p);
    assert_int_equal(mx_tls_write(&p.tls, text, 0), 0);
    /* One less in TLS 1.3, whose records say their type inside. */
    assert_int_equal(mx_tls_write(&p.tls, text, BIG), MX_TLS_OUT_MAX - 1);
    assert_non_null(mx_tls_out_buf(&p.tls, &len));
    assert_in_range(len, MX_TLS_OUT_MAX + 5 + 16, MX_TLS_OUT_MAX + 5 + 31);
    assert_int_equal(mx_tls_write(&p.tls, text, 10), 0);
    mx_tls_out_ack(&p.tls, len - 1);
    assert_int_equal(mx_tls_write(&p.tls, text, 10), 0);
    mx_tls_out_ack(&p.tls, 1);
    assert_null(mx_tls_out_buf(&p.tls, &len));
    assert_int_equal(len, 0);
    assert_int_equal(mx_tls_write(&p.tls, text, 10), 10);
    peer_close(&p);
}

/* The bytes in out_buf() stay in place and unchanged until acknowledged. */
static void out_bytes_stay(void **state)
{
    struct peer p;
    size_t len;
    size_t again;
    const unsigned char *out;
    unsigned char copy[2048];

    (void)state;
    peer_open(&p, &ec);
    peer_shake(&p);
    peer_say(&p, text, 100);
    assert_int_equal(mx_tls_write(&p.tls, text, 1000), 1000);
    out = mx_tls_out_buf(&p.tls, &len);
    assert_true(len <= sizeof copy);
    memcpy(copy, out, len);
    assert_false(peer_push(&p)); /* nothing is taken meanwhile */
    mx_tls_out_ack(&p.tls, 100);
    assert_ptr_equal(mx_tls_out_buf(&p.tls, &again), out + 100);
    assert_int_equal(again, len - 100);
    assert_memory_equal(out, copy, len);
    mx_tls_out_ack(&p.tls, again);
    assert_true(peer_push(&p));
    assert_non_null(mx_tls_in_buf(&p.tls, &len));
    assert_int_equal(len, 100);
    peer_close(&p);
}

/* Plaintext waiting: no more records are taken than that one. */
static void in_waits(void **state)
{
    struct peer p;
    size_t len;
    size_t waiting;
    char *data;

    (void)state;
    peer_open(&p, &ec);
    peer_shake(&p);
    peer_say(&p, "first", 5);
    peer_say(&p, "second", 6);
    assert_true(peer_push(&p));
    waiting = (size_t)BIO_get_mem_data(p.from_ssl, &data);
    assert_true(waiting > 0);
    assert_false(peer_push(&p));
    assert_memory_equal(mx_tls_in_buf(&p.tls, &len), "first", 5);
    assert_int_equal(len, 5);
    mx_tls_in_ack(&p.tls, 2);
    assert_memory_equal(mx_tls_in_buf(&p.tls, &len), "rst", 3);
    assert_false(peer_push(&p));
    mx_tls_in_ack(&p.tls, 3);
    assert_null(mx_tls_in_buf(&p.tls, &len));
    assert_true(peer_push(&p));
    assert_memory_equal(mx_tls_in_buf(&p.tls, &len), "second", 6);
    assert_int_equal(len, 6);
    peer_close(&p);
}

/* A record is lent whole, and may be given back in parts. */
static void whole_record(void **state)
{
    struct peer p;
    size_t sum = 0;
    size_t len;

    (void)state;
    peer_open(&p, &ec);
    peer_shake(&p);
    peer_say(&p, text, 16384);
    while (peer_push(&p)) {
    }
    for (const void *in; (in = mx_tls_in_buf(&p.tls, &len)) != NULL;) {
        assert_int_equal(len, 16384 - sum);
        assert_memory_equal(in, text + sum, len);
        len = len < 1000 ? len : 1000;
        sum += len;
        mx_tls_in_ack(&p.tls, len);
    }
    assert_int_equal(sum, 16384);
    peer_close(&p);
}

/* The client's last flight and its first line in one piece. */
static void pipelined_behind_handshake(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;
        size_t n = 0;

        peer_open(&p, &ec);
        peer_limit(&p, versions[v], NULL, NULL);
        while (!p.shaken) {
            p.shaken = SSL_do_handshake(p.ssl) == 1;
            if (!p.shaken) {
                assert_true(peer_push(&p));
                while (peer_pull(&p)) {
                }
            }
        }
        peer_say(&p, "EHLO a\r\n", 8);
        n = peer_take(&p, got, 8);
        assert_int_equal(n, 8);
        assert_memory_equal(got, "EHLO a\r\n", 8);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OPEN);
        echo(&p, 100);
        peer_close(&p);
    }
}

static int setup(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        text[i] = (unsigned char)(rand() >> 5);
    }
    peer_world_open(&ec, "P-256");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    peer_world_close(&ec);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preference),
        cmocka_unit_test(hello_retry),
        cmocka_unit_test(chain_is_sent),
        cmocka_unit_test(every_cut),
        cmocka_unit_test(hello_cut_in_two),
        cmocka_unit_test(hello_in_small_records),
        cmocka_unit_test(much_data),
        cmocka_unit_test(records_are_bounded),
        cmocka_unit_test(out_bytes_stay),
        cmocka_unit_test(in_waits),
        cmocka_unit_test(whole_record),
        cmocka_unit_test(pipelined_behind_handshake),
    };
    const struct CMUnitTest own_world[] = {
        cmocka_unit_test(every_suite_and_group),
#if MX_TLS_RSA
        cmocka_unit_test(every_suite_with_rsa),
#endif
    };
    int failed = cmocka_run_group_tests_name("suites", own_world, NULL, NULL);

    return failed +
           cmocka_run_group_tests_name("channel", tests, setup, teardown);
}
