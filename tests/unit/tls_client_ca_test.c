/* SPDX-License-Identifier: BSD-3-Clause */
/* A client's certificate: asked for, judged, and never a reason to fail. */
#include "test_port.h"
#include "tls_certs.h"
#include "tls_peer.h"

#include "tinymx/err.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define DAY 86400

static struct peer_world world;
static struct mx_client_ca ca;
static struct cert root, sub, stranger;

/* Everybody that a client's certificate may come from. */
enum signer { ROOT, SUB, STRANGER, ITSELF };

static const struct {
    const char *what;
    enum signer signer;
    const char *usage;
    long from_s, to_s; /* of its life */
    bool no_clock;
    const char *client; /* what is wrong with it; NULL: it is good */
} clients[] = {
    {"of the CA", ROOT, NULL, 0, 0, false, NULL},
    {"with an intermediate", SUB, NULL, 0, 0, false, NULL},
    {"for clients", ROOT, "clientAuth", 0, 0, false, NULL},
    {"for both", ROOT, "serverAuth,clientAuth", 0, 0, false, NULL},
    {"for servers", ROOT, "serverAuth", 0, 0, false, "it is not for clients"},
    {"of another CA", STRANGER, NULL, 0, 0, false,
     "not of a CA that is let in"},
    {"of nobody", ITSELF, NULL, 0, 0, false, "not of a CA that is let in"},
    {"expired", ROOT, NULL, -2 * DAY, -DAY, false, "it has expired"},
    {"not yet", ROOT, NULL, DAY, 2 * DAY, false, "it is not valid yet"},
    {"expired, no clock", ROOT, NULL, -2 * DAY, -DAY, true, NULL},
};

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static struct cert client_cert(size_t i)
{
    const struct cert *signers[] = {&root, &sub, &stranger, NULL};
    const struct cert *signer = signers[clients[i].signer];
    static const char *const names[] = {"root", "sub", "stranger", NULL};

    return cert_make(&(struct cert_spec){
        .cn = "relay",
        .signer = signer != NULL ? signer->key : NULL,
        .issuer_cn = names[clients[i].signer],
        .usage = clients[i].usage,
        .from_s = clients[i].from_s,
        .to_s = clients[i].to_s,
    });
}

static void show(struct peer *p, const struct cert *c)
{
    assert_int_equal(SSL_use_certificate(p->ssl, c->x509), 1);
    assert_int_equal(SSL_use_PrivateKey(p->ssl, c->key), 1);
    assert_int_equal(SSL_add1_chain_cert(p->ssl, sub.x509), 1);
}

/* The handshake comes to its end whatever the certificate is. */
static void judge(int version, const struct cert *c, const char *client)
{
    const struct mx_tls_facts *facts;
    struct peer p;

    peer_open(&p, &world);
    peer_limit(&p, version, NULL, NULL);
    if (c != NULL) {
        show(&p, c);
    }
    peer_shake(&p);
    facts = mx_tls_facts(&p.tls);
    assert_int_equal(facts->client_verified, client == NULL);
    if (client == NULL) {
        assert_null(facts->client);
    } else {
        assert_non_null(facts->client);
        assert_string_equal(facts->client, client);
    }
    peer_close(&p);
}

static void every_client(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
        struct cert c = client_cert(i);

        test_time_s = clients[i].no_clock ? 0 : time(NULL);
        for (size_t v = 0; v < 2; v++) {
            print_message("%s, %s\n", clients[i].what,
                          versions[v] == TLS1_2_VERSION ? "1.2" : "1.3");
            judge(versions[v], &c, clients[i].client);
        }
        cert_free(&c);
    }
}

static void no_certificate(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        judge(versions[v], NULL, "none was shown");
    }
}

/* The public half of one key with the private half of another. */
static EVP_PKEY *forged(EVP_PKEY *public, EVP_PKEY *private)
{
    unsigned char point[128];
    size_t len;
    BIGNUM *number = NULL;
    OSSL_PARAM_BLD *params = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM *list;
    EVP_PKEY *key = NULL;

    assert_int_equal(EVP_PKEY_get_octet_string_param(public,
                                                     OSSL_PKEY_PARAM_PUB_KEY,
                                                     point, sizeof point, &len),
                     1);
    assert_int_equal(
        EVP_PKEY_get_bn_param(private, OSSL_PKEY_PARAM_PRIV_KEY, &number), 1);
    OSSL_PARAM_BLD_push_utf8_string(params, OSSL_PKEY_PARAM_GROUP_NAME,
                                    "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(params, OSSL_PKEY_PARAM_PUB_KEY, point,
                                     len);
    OSSL_PARAM_BLD_push_BN(params, OSSL_PKEY_PARAM_PRIV_KEY, number);
    list = OSSL_PARAM_BLD_to_param(params);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, list), 1);
    OSSL_PARAM_free(list);
    OSSL_PARAM_BLD_free(params);
    EVP_PKEY_CTX_free(ctx);
    BN_free(number);
    return key;
}

/* The relay's certificate in the hands of somebody without its key: whoever
 * cannot sign has no handshake. */
static void no_key(void **state)
{
    struct cert good = client_cert(0), other = client_cert(0);
    EVP_PKEY *key = forged(good.key, other.key);

    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        peer_open(&p, &world);
        peer_limit(&p, versions[v], NULL, NULL);
        assert_int_equal(SSL_use_certificate(p.ssl, good.x509), 1);
        assert_int_equal(SSL_use_PrivateKey(p.ssl, key), 1);
        peer_run(&p);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_FAILED);
        peer_close(&p);
    }
    EVP_PKEY_free(key);
    cert_free(&good);
    cert_free(&other);
}

/* A ticket would let in who is not known any more: none is given, and one of
 * another time is of no use. */
static void no_resumption(void **state)
{
    struct cert c = client_cert(0);

    (void)state;
    for (size_t v = 0; v < 2; v++) {
        SSL_SESSION *session;
        struct peer p;

        peer_open(&p, &world);
        peer_limit(&p, versions[v], NULL, NULL);
        show(&p, &c);
        peer_shake(&p);
        (void)peer_hear(&p, (char[1]){0}, 1);
        session = SSL_get1_session(p.ssl);
        assert_false(SSL_SESSION_has_ticket(session));
        peer_close(&p);
        peer_open(&p, &world);
        peer_limit(&p, versions[v], NULL, NULL);
        SSL_set_session(p.ssl, session);
        peer_shake(&p);
        assert_false(mx_tls_facts(&p.tls)->resumed);
        assert_false(mx_tls_facts(&p.tls)->client_verified);
        peer_close(&p);
        SSL_SESSION_free(session);
    }
    cert_free(&c);
}

/* --- loading ------------------------------------------------------------ */

static void refuses(const void *cert, size_t len, int err)
{
    struct mx_arena_stats before, after;
    struct mx_client_ca bad;
    const char *why = "";

    mx_tls_arena_stats(&before);
    assert_int_equal(mx_client_ca_load(&bad, cert, len, &why), err);
    assert_memory_equal(why, "certificate: ", 13);
    assert_null(bad.impl);
    mx_tls_arena_stats(&after);
    assert_int_equal(after.used, before.used);
}

static void loading(void **state)
{
    struct mx_client_ca der;
    struct cert_spec spec = {.cn = "p384", .key = cert_key("P-384")};
    struct cert p384 = cert_make(&spec);

    (void)state;
    assert_int_equal(mx_client_ca_load(&der, root.der, root.der_len, NULL), 0);
    mx_client_ca_free(&der);
    mx_client_ca_free(&der);
    refuses("", 0, MX_EFORMAT);
    refuses("hello", 5, MX_EFORMAT);
    refuses(root.pem, root.pem_len - 30, MX_EFORMAT);
    refuses(root.der, root.der_len - 1, MX_EFORMAT);
    refuses(root.key_pem, root.key_pem_len, MX_EFORMAT);
    refuses(p384.pem, p384.pem_len, MX_ENOTSUP);
    cert_free(&p384);
    EVP_PKEY_free(spec.key);
}

/* --- the program -------------------------------------------------------- */

/* Both CAs of a file count; the intermediate is the client's to send. */
static int open_world(void **state)
{
    char both[8192];
    struct cert old;

    (void)state;
    peer_world_open(&world, "P-256");
    root = cert_make(&(struct cert_spec){.cn = "root", .ca = true});
    old = cert_make(&(struct cert_spec){.cn = "old", .ca = true});
    stranger = cert_make(&(struct cert_spec){.cn = "stranger", .ca = true});
    sub = cert_make(&(struct cert_spec){
        .cn = "sub", .signer = root.key, .issuer_cn = "root", .ca = true});
    snprintf(both, sizeof both, "Our CAs:\n%s%s", old.pem, root.pem);
    assert_int_equal(mx_client_ca_load(&ca, both, strlen(both), NULL), 0);
    mx_tls_server_ask_clients(&world.server, &ca);
    cert_free(&old);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    cert_free(&root);
    cert_free(&sub);
    cert_free(&stranger);
    mx_client_ca_free(&ca);
    peer_world_close(&world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_client), cmocka_unit_test(no_certificate),
        cmocka_unit_test(no_key),       cmocka_unit_test(no_resumption),
        cmocka_unit_test(loading),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
