/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls_peer.h"

#include "tls_certs.h"

#include <openssl/err.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void peer_world_open(struct peer_world *w, const char *kind)
{
    struct cert_spec spec = {.cn = PEER_NAME, .san = "DNS:" PEER_NAME};
    struct cert c;
    const char *why = NULL;

    spec.key = cert_key(kind);
    c = cert_make(&spec);
    EVP_PKEY_free(spec.key);
    assert_int_equal(mx_tls_arena_init(), 0);
    mx_tls_arena_stats(&w->empty);
    assert_int_equal(mx_identity_load(&w->id, c.pem, c.pem_len, c.key_pem,
                                      c.key_pem_len, &why),
                     0);
    assert_int_equal(mx_tls_server_init(&w->server, &w->id), 0);
    w->ctx = SSL_CTX_new(TLS_client_method());
    assert_non_null(w->ctx);
    SSL_CTX_set_verify(w->ctx, SSL_VERIFY_PEER, NULL);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(w->ctx), c.x509);
    cert_free(&c);
}

void peer_world_close(struct peer_world *w)
{
    struct mx_arena_stats now;

    mx_tls_server_free(&w->server);
    mx_identity_free(&w->id);
    SSL_CTX_free(w->ctx);
    mx_tls_arena_stats(&now);
    assert_int_equal(now.blocks, w->empty.blocks);
    assert_int_equal(now.used, w->empty.used);
    assert_int_equal(now.largest, w->empty.largest);
}

void peer_open(struct peer *p, const struct peer_world *w)
{
    memset(p, 0, sizeof *p);
    assert_int_equal(mx_tls_start(&p->tls, &w->server), 0);
    p->ssl = SSL_new(w->ctx);
    p->to_ssl = BIO_new(BIO_s_mem());
    p->from_ssl = BIO_new(BIO_s_mem());
    SSL_set_bio(p->ssl, p->to_ssl, p->from_ssl);
    SSL_set_connect_state(p->ssl);
    SSL_set1_host(p->ssl, PEER_NAME);
    SSL_set_tlsext_host_name(p->ssl, PEER_NAME);
}

void peer_limit(struct peer *p, int version, const char *suite,
                const char *group)
{
    if (version != 0) {
        SSL_set_min_proto_version(p->ssl, version);
        SSL_set_max_proto_version(p->ssl, version);
    }
    if (suite != NULL) {
        assert_int_equal(version == TLS1_3_VERSION
                             ? SSL_set_ciphersuites(p->ssl, suite)
                             : SSL_set_cipher_list(p->ssl, suite),
                         1);
    }
    if (group != NULL) {
        assert_int_equal(SSL_set1_groups_list(p->ssl, group), 1);
    }
}

void peer_close(struct peer *p)
{
    mx_tls_end(&p->tls);
    SSL_free(p->ssl);
    ERR_clear_error();
    memset(p, 0, sizeof *p);
}

static void drop(BIO *bio, size_t len)
{
    unsigned char sink[4096];

    while (len > 0) {
        int n =
            BIO_read(bio, sink, (int)(len < sizeof sink ? len : sizeof sink));
        assert_true(n > 0);
        len -= (size_t)n;
    }
}

bool peer_push(struct peer *p)
{
    char *data;
    size_t len = (size_t)BIO_get_mem_data(p->from_ssl, &data);
    size_t taken;

    if (p->push_max != 0 && len > p->push_max) {
        len = p->push_max;
    }
    if (len == 0) {
        return false;
    }
    taken = mx_tls_push(&p->tls, data, len);
    assert_true(taken <= len);
    drop(p->from_ssl, taken);
    return taken > 0;
}

bool peer_pull(struct peer *p)
{
    size_t len;
    const void *out = mx_tls_out_buf(&p->tls, &len);

    if (out == NULL) {
        assert_int_equal(len, 0);
        return false;
    }
    if (p->ack_max != 0 && len > p->ack_max) {
        len = p->ack_max;
    }
    assert_int_equal(BIO_write(p->to_ssl, out, (int)len), (int)len);
    mx_tls_out_ack(&p->tls, len);
    return true;
}

void peer_run(struct peer *p)
{
    bool moved;

    do {
        if (!p->shaken) {
            p->shaken = SSL_do_handshake(p->ssl) == 1;
        }
        moved = peer_push(p);
        while (peer_pull(p)) {
            moved = true;
        }
    } while (moved);
}

void peer_shake(struct peer *p)
{
    peer_run(p);
    if (!p->shaken || mx_tls_state(&p->tls) != MX_TLS_OPEN) {
        ERR_print_errors_fp(stderr);
        fail_msg("no handshake: state %d, error -0x%x (%s)",
                 (int)mx_tls_state(&p->tls), (unsigned)-mx_tls_error(&p->tls),
                 mx_tls_error_text(&p->tls));
    }
}

void peer_say(struct peer *p, const void *data, size_t len)
{
    size_t done;

    assert_int_equal(SSL_write_ex(p->ssl, data, len, &done), 1);
    assert_int_equal(done, len);
}

size_t peer_hear(struct peer *p, void *data, size_t room)
{
    size_t sum = 0;
    size_t n;

    while (sum < room &&
           SSL_read_ex(p->ssl, (char *)data + sum, room - sum, &n) == 1) {
        sum += n;
    }
    return sum;
}

size_t peer_take(struct peer *p, void *data, size_t room)
{
    size_t sum = 0;

    for (;;) {
        size_t n;
        const void *in = mx_tls_in_buf(&p->tls, &n);

        if (in != NULL && sum < room) {
            n = n < room - sum ? n : room - sum;
            memcpy((char *)data + sum, in, n);
            sum += n;
            mx_tls_in_ack(&p->tls, n);
        } else if (sum == room || !(peer_push(p) | peer_pull(p))) {
            return sum;
        }
    }
}

void peer_send(struct peer *p, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        size_t n = mx_tls_write(&p->tls, at, len);

        at += n;
        len -= n;
        if (n == 0) {
            assert_true(peer_pull(p));
        }
    }
    while (peer_pull(p)) {
    }
}
