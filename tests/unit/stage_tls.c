/* SPDX-License-Identifier: BSD-3-Clause */
#include "stage_tls.h"

#include <openssl/err.h>
#include <string.h>

#include "tls_certs.h"

static SSL_CTX *ctx;
static struct mx_identity identity;
static struct mx_arena_stats arena_before;

/* --- a client ----------------------------------------------------------- */

void client_open(struct client *c)
{
    memset(c, 0, sizeof *c);
    peer_connect(&c->tcp);
}

void client_secure(struct client *c)
{
    c->tcp.fill = 0;
    c->ssl = SSL_new(ctx);
    c->from_wire = BIO_new(BIO_s_mem());
    c->to_wire = BIO_new(BIO_s_mem());
    SSL_set_bio(c->ssl, c->from_wire, c->to_wire);
    SSL_set_connect_state(c->ssl);
    assert_int_equal(SSL_set1_host(c->ssl, "mx.example.test"), 1);
}

void client_send(struct client *c)
{
    char *data;
    size_t len = (size_t)BIO_get_mem_data(c->to_wire, &data);
    char sink[1500];

    len = len < sizeof sink ? len : sizeof sink;
    if (c->tcp.pcb != NULL && len > 0) {
        len = peer_send(&c->tcp, data, len);
        (void)BIO_read(c->to_wire, sink, (int)len);
    }
}

void client_turn(struct client *c)
{
    int n;

    turn();
    if (c->ssl == NULL) {
        return;
    }
    if (c->tcp.fill > 0) {
        (void)BIO_write(c->from_wire, c->tcp.in, (int)c->tcp.fill);
        c->tcp.fill = 0;
    }
    ERR_clear_error();
    if (!SSL_is_init_finished(c->ssl)) {
        (void)SSL_do_handshake(c->ssl);
    }
    n = SSL_read(c->ssl, c->text + c->fill,
                 (int)(sizeof c->text - 1 - c->fill));
    c->fill += n > 0 ? (size_t)n : 0;
    c->text[c->fill] = '\0';
    c->notified = (SSL_get_shutdown(c->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
    client_send(c);
}

void client_hears(struct client *c, const char *text)
{
    CLIENT_UNTIL(c, strstr(c->text, text) != NULL);
}

void client_says(struct client *c, const char *text, size_t len)
{
    assert_int_equal(SSL_write(c->ssl, text, (int)len), len);
    client_send(c);
}

void client_says_line(struct client *c, const char *text)
{
    client_says(c, text, strlen(text));
}

void client_close(struct client *c)
{
    peer_close(&c->tcp);
    SSL_free(c->ssl);
    c->ssl = NULL;
}

/* --- the machine -------------------------------------------------------- */

int stage_start_tls(struct mx_server_config *cfg)
{
    mx_tls_arena_stats(&arena_before);
    cfg->mx_name = stage_defaults.mx_name;
    cfg->sink = cfg->sink != NULL ? cfg->sink : stage_defaults.sink;
    cfg->policy = stage_defaults.policy;
    cfg->peer_connects = stage_defaults.peer_connects;
    cfg->identity = &identity;
    return stage_start_with(cfg);
}

int stage_stop_tls(void **state)
{
    struct mx_arena_stats now;
    int err = stage_stop(state);

    mx_tls_arena_stats(&now);
    return err != 0 || now.used != arena_before.used ||
                   now.blocks != arena_before.blocks ||
                   now.largest != arena_before.largest
               ? -1
               : 0;
}

int stage_open_tls(void **state)
{
    struct cert_spec spec = {.cn = "mx", .san = "DNS:mx.example.test"};
    struct cert c = cert_make(&spec);
    int err = mx_tls_arena_init();

    if (err == 0) {
        err = mx_identity_load(&identity, c.pem, c.pem_len, c.key_pem,
                               c.key_pem_len, NULL);
    }
    ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), c.x509);
    cert_free(&c);
    return err == 0 ? stage_open(state) : err;
}

int stage_close_tls(void **state)
{
    (void)state;
    SSL_CTX_free(ctx);
    mx_identity_free(&identity);
    return 0;
}
