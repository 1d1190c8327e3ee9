/* SPDX-License-Identifier: BSD-3-Clause */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_set_rand_method() */
#include "client.h"

#include "fuzz.h"

#include "lwip/tcp.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <string.h>
#include <time.h>

struct said client_said[2];
unsigned client_promised;
bool client_cert_needed;
static SSL_CTX *ctx;
static SSL_SESSION *ticket; /* the last one that came */

/* --- OpenSSL without chance --------------------------------------------- */

static int random_bytes(unsigned char *buf, int len)
{
    for (int i = 0; i < len; i++) {
        buf[i] = (unsigned char)fuzz_random();
    }
    return 1;
}

static int random_status(void)
{
    return 1;
}

static const RAND_METHOD no_chance = {
    .bytes = random_bytes,
    .pseudorand = random_bytes,
    .status = random_status,
};

static int keep_ticket(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    SSL_SESSION_free(ticket);
    ticket = session;
    return 1;
}

void client_forget_all(void)
{
    if (ctx == NULL) {
        RAND_set_rand_method(&no_chance);
        ctx = SSL_CTX_new(TLS_client_method());
        FUZZ_CHECK(ctx != NULL);
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT |
                                                SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(ctx, keep_ticket);
    }
    SSL_SESSION_free(ticket);
    ticket = NULL;
    client_promised = 0;
    for (int i = 0; i < 2; i++) {
        client_said[i].len = 0;
        client_said[i].whole = true;
    }
}

/* --- what comes --------------------------------------------------------- */

static void hear(struct client *c, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (c->in_records) {
            records_push(&c->records, data + i, 1);
        } else {
            replies_push(&c->clear, data + i, 1);
            c->in_records = c->clear.ready > 0;
        }
    }
    if (c->ssl != NULL) {
        (void)BIO_write(SSL_get_rbio(c->ssl), data, (int)len);
    }
}

/* Both FINs have passed: lwIP may give the pcb to somebody else. */
static void let_go(struct client *c)
{
    tcp_arg(c->pcb, NULL);
    tcp_recv(c->pcb, NULL);
    tcp_err(c->pcb, NULL);
    c->pcb = NULL;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct client *c = arg;

    (void)err;
    if (p == NULL) {
        c->eof = true;
        if (c->shut) {
            let_go(c);
        }
        return ERR_OK;
    }
    for (struct pbuf *q = p; q != NULL; q = q->next) {
        hear(c, q->payload, q->len);
    }
    if (c->hold) {
        c->held += p->tot_len;
    } else {
        tcp_recved(pcb, p->tot_len);
    }
    (void)pbuf_free(p);
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    struct client *c = arg;

    (void)err;
    c->pcb = NULL;
}

/* --- what goes ---------------------------------------------------------- */

static void remember(struct said *said, const char *text, size_t len)
{
    if (len > sizeof said->text - said->len) {
        said->whole = false;
        return;
    }
    memcpy(said->text + said->len, text, len);
    said->len += len;
}

void client_send(struct client *c, const char *data, size_t len)
{
    size_t room = sizeof c->out - c->out_fill;

    len = len < room ? len : room;
    if (len > 0) {
        memcpy(c->out + c->out_fill, data, len);
        c->out_fill += len;
    }
    if (!c->in_records) {
        remember(&client_said[0], data, len);
    }
}

void client_say(struct client *c, const char *text, size_t len)
{
    if (c->ssl == NULL) {
        client_send(c, text, len);
    } else if (client_is_secure(c) && len > 0) {
        remember(&client_said[1], text, len);
        (void)SSL_write(c->ssl, text, (int)len);
    }
    ERR_clear_error();
}

static bool send_some(struct client *c)
{
    size_t n = c->out_fill;
    size_t room = c->pcb != NULL ? tcp_sndbuf(c->pcb) : 0;

    if (c->cut > 0 && n > c->cut) {
        n = c->cut;
    }
    n = n < room ? n : room;
    if (n == 0) {
        return false;
    }
    if (c->in_records && c->flip > 0 && c->flip <= n) {
        c->out[c->flip - 1] ^= 0x10;
    }
    if (tcp_write(c->pcb, c->out, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK) {
        return false;
    }
    c->flip = c->flip > n ? c->flip - n : 0;
    c->out_fill -= n;
    memmove(c->out, c->out + n, c->out_fill);
    (void)tcp_output(c->pcb);
    return true;
}

/* Records from OpenSSL; what it has to say inside them. */
static void pump_tls(struct client *c)
{
    char text[1024], *records;
    size_t len;
    int n;

    ERR_clear_error();
    if (!client_is_secure(c)) {
        (void)SSL_do_handshake(c->ssl);
    }
    while ((n = SSL_read(c->ssl, text, sizeof text)) > 0) {
        replies_push(&c->tls, text, (size_t)n);
    }
    len = (size_t)BIO_get_mem_data(SSL_get_wbio(c->ssl), &records);
    if (len > 0 && len <= sizeof c->out - c->out_fill) {
        client_send(c, records, len);
        (void)BIO_reset(SSL_get_wbio(c->ssl));
    }
    ERR_clear_error();
}

bool client_pump(struct client *c)
{
    if (c->hushed) {
        return false;
    }
    if (c->ssl != NULL) {
        pump_tls(c);
    }
    return send_some(c);
}

/* --- what it is told ---------------------------------------------------- */

void client_open(struct client *c, uint8_t host, uint16_t port, bool secure)
{
    ip_addr_t here, there;

    IP_ADDR4(&here, 192, 0, 2, host);
    IP_ADDR4(&there, 192, 0, 2, 1);
    if (c->pcb != NULL) {
        return;
    }
    client_end(c);
    c->in_records = secure;
    c->pcb = tcp_new();
    if (c->pcb == NULL) {
        return;
    }
    tcp_nagle_disable(c->pcb);
    tcp_arg(c->pcb, c);
    tcp_recv(c->pcb, on_recv);
    tcp_err(c->pcb, on_err);
    if (tcp_bind(c->pcb, &here, port) != ERR_OK ||
        tcp_connect(c->pcb, &there, secure ? 465 : 25, NULL) != ERR_OK) {
        client_reset(c);
    }
}

/* The age of a ticket would be the only thing here that knows what time it
 * is. */
static void offer_ticket(struct client *c)
{
    if (ticket != NULL) {
        (void)SSL_SESSION_set_time(ticket, (long)time(NULL));
        (void)SSL_set_session(c->ssl, ticket);
    }
}

static void show(SSL *ssl, const struct cert *cert)
{
    BIO *bio = BIO_new_mem_buf(cert->cert, -1);
    X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    EVP_PKEY *key;

    BIO_free(bio);
    bio = BIO_new_mem_buf(cert->key, -1);
    key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    FUZZ_CHECK(SSL_use_certificate(ssl, x509) == 1);
    FUZZ_CHECK(SSL_use_PrivateKey(ssl, key) == 1);
    X509_free(x509);
    EVP_PKEY_free(key);
}

void client_secure(struct client *c, const struct client_tls *how)
{
    if (c->ssl != NULL || c->pcb == NULL) {
        return;
    }
    c->ssl = SSL_new(ctx);
    FUZZ_CHECK(c->ssl != NULL);
    SSL_set_bio(c->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(c->ssl);
    (void)SSL_set_tlsext_host_name(c->ssl, "mx.example.test");
    if (how->version != 0) {
        (void)SSL_set_min_proto_version(c->ssl, how->version);
        (void)SSL_set_max_proto_version(c->ssl, how->version);
    }
    c->cert = how->cert;
    if (how->cert != CERT_NONE) {
        show(c->ssl, &certs[how->cert]);
    }
    if (how->resume) {
        offer_ticket(c);
    }
}

bool client_is_secure(const struct client *c)
{
    return c->ssl != NULL && SSL_is_init_finished(c->ssl);
}

void client_notify(struct client *c)
{
    if (client_is_secure(c)) {
        (void)SSL_shutdown(c->ssl);
        ERR_clear_error();
    }
}

void client_rekey(struct client *c)
{
    if (client_is_secure(c)) {
        (void)(SSL_version(c->ssl) == TLS1_3_VERSION
                   ? SSL_key_update(c->ssl, SSL_KEY_UPDATE_REQUESTED)
                   : SSL_renegotiate(c->ssl));
        (void)SSL_do_handshake(c->ssl);
        ERR_clear_error();
    }
}

void client_fin(struct client *c)
{
    if (c->pcb != NULL && !c->shut) {
        c->shut = tcp_shutdown(c->pcb, 0, 1) == ERR_OK;
    }
}

void client_reset(struct client *c)
{
    struct tcp_pcb *pcb = c->pcb;

    if (pcb != NULL) {
        let_go(c);
        tcp_abort(pcb);
    }
}

void client_hold(struct client *c, bool hold)
{
    c->hold = hold;
    if (!hold && c->pcb != NULL && c->held > 0) {
        tcp_recved(c->pcb, (u16_t)c->held);
        c->held = 0;
    }
}

void client_hush(struct client *c)
{
    c->out_fill = 0;
    c->hushed = true;
}

void client_end(struct client *c)
{
    struct tcp_pcb *pcb = c->pcb;

    client_hold(c, false);
    if (pcb != NULL) {
        let_go(c);
        if (tcp_close(pcb) != ERR_OK) {
            tcp_abort(pcb);
        }
    }
    SSL_free(c->ssl);
    FUZZ_CHECK(!client_cert_needed || c->cert == CERT_GOOD ||
               c->clear.accepted + c->tls.accepted == 0);
    client_promised += c->clear.accepted + c->tls.accepted;
    memset(c, 0, offsetof(struct client, out));
}
