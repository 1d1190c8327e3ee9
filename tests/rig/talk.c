/* SPDX-License-Identifier: BSD-3-Clause */
#include "talk.h"

#include "near.h"
#include "platform.h"

#include <openssl/err.h>
#include <string.h>

/* Records that wait for TCP: beyond this nothing more is encrypted. */
#define RECORDS_MAX 4096

struct talk_stats talk_stats;
static SSL_CTX *ctx[TALK_VERSIONS];
static SSL_SESSION *kept[TALK_VERSIONS];

/* --- all of them -------------------------------------------------------- */

static int keep(SSL *ssl, SSL_SESSION *session)
{
    enum talk_tls v =
        SSL_version(ssl) == TLS1_3_VERSION ? TALK_TLS_1_3 : TALK_TLS_1_2;

    SSL_SESSION_free(kept[v]);
    kept[v] = session;
    return 1;
}

void talk_open_world(X509 *device)
{
    static const int versions[TALK_VERSIONS] = {0, TLS1_2_VERSION,
                                                TLS1_3_VERSION, TLS1_3_VERSION};

    for (int v = TALK_TLS_1_2; v < TALK_VERSIONS; v++) {
        ctx[v] = SSL_CTX_new(TLS_client_method());
        (void)SSL_CTX_set_min_proto_version(ctx[v], versions[v]);
        (void)SSL_CTX_set_max_proto_version(ctx[v], versions[v]);
        SSL_CTX_set_verify(ctx[v], SSL_VERIFY_PEER, NULL);
        if (v != TALK_DISTRUST) {
            (void)X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx[v]), device);
        }
        (void)SSL_CTX_set_session_cache_mode(
            ctx[v], SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(ctx[v], keep);
    }
}

/* --- one ---------------------------------------------------------------- */

void talk_connect(struct talk *t, unsigned host)
{
    memset(t, 0, sizeof *t);
    t->tcp = far_connect(host, 25);
}

void talk_secure(struct talk *t, enum talk_tls version, bool resume, bool p256)
{
    t->ssl = SSL_new(ctx[version]);
    t->in = BIO_new(BIO_s_mem());
    t->out = BIO_new(BIO_s_mem());
    SSL_set_bio(t->ssl, t->in, t->out);
    SSL_set_connect_state(t->ssl);
    (void)SSL_set1_host(t->ssl, NEAR_NAME);
    (void)SSL_set_tlsext_host_name(t->ssl, NEAR_NAME);
    (void)SSL_set1_groups_list(t->ssl, p256 ? "P-256:X25519" : "X25519:P-256");
    if (resume && kept[version] != NULL) {
        (void)SSL_set_session(t->ssl, kept[version]);
    }
}

bool talk_is_secure(const struct talk *t)
{
    return t->ssl != NULL && SSL_is_init_finished(t->ssl);
}

size_t talk_say_raw(struct talk *t, const void *data, size_t len)
{
    uint64_t now = platform_now();

    if (t->drip_ms != 0 && len > 0) {
        if (now < t->drip_at_ms) {
            return 0;
        }
        t->drip_at_ms = now + t->drip_ms; /* also when the window is closed */
        len = 1;
    }
    return far_write(t->tcp, data, len);
}

static bool send_clear(struct talk *t)
{
    size_t n = talk_say_raw(t, t->clear, t->clear_len);

    t->clear_len -= n;
    memmove(t->clear, t->clear + n, t->clear_len);
    return n > 0;
}

static bool send_records(struct talk *t)
{
    char *data;
    char gone[RECORDS_MAX];
    size_t len = (size_t)BIO_get_mem_data(t->out, &data);

    len = talk_say_raw(t, data, len < sizeof gone ? len : sizeof gone);
    if (len > 0) {
        (void)BIO_read(t->out, gone, (int)len);
    }
    return len > 0;
}

static bool send(struct talk *t)
{
    return t->clear_len > 0 ? send_clear(t) : t->ssl != NULL && send_records(t);
}

size_t talk_say(struct talk *t, const void *data, size_t len)
{
    size_t done = 0;

    if (t->ssl == NULL) {
        size_t room = sizeof t->clear - t->clear_len;

        done = len < room ? len : room;
        memcpy(t->clear + t->clear_len, data, done);
        t->clear_len += done;
    } else if (talk_is_secure(t) && BIO_pending(t->out) < RECORDS_MAX) {
        (void)SSL_write_ex(t->ssl, data, len < 16384 ? len : 16384, &done);
    }
    (void)send(t);
    return done;
}

void talk_line(struct talk *t, const char *text)
{
    if (talk_say(t, text, strlen(text)) != strlen(text)) {
        give_up("no room to say %s", text);
    }
}

void talk_bye(struct talk *t)
{
    if (talk_is_secure(t)) {
        (void)SSL_shutdown(t->ssl);
        (void)send(t);
    }
}

bool talk_is_said(const struct talk *t)
{
    return t->clear_len == 0 && (t->ssl == NULL || BIO_pending(t->out) == 0);
}

/* --- hearing ------------------------------------------------------------ */

static bool handshake(struct talk *t)
{
    enum talk_tls v;

    if (SSL_do_handshake(t->ssl) == 1) {
        v = SSL_version(t->ssl) == TLS1_3_VERSION ? TALK_TLS_1_3 : TALK_TLS_1_2;
        talk_stats.handshakes[v]++;
        talk_stats.resumed[v] += SSL_session_reused(t->ssl) == 1;
        return true;
    }
    t->failed = SSL_get_error(t->ssl, 0) == SSL_ERROR_SSL;
    return false;
}

static bool hear_tls(struct talk *t)
{
    char wire[4096];
    size_t n = far_read(t->tcp, wire, sizeof wire);
    bool moved = n > 0;

    if (n > 0) {
        (void)BIO_write(t->in, wire, (int)n);
    }
    if (!moved && SSL_get_state(t->ssl) != TLS_ST_BEFORE) {
        return false;
    }
    ERR_clear_error();
    if (!SSL_is_init_finished(t->ssl) && !handshake(t)) {
        return moved;
    }
    while (SSL_read_ex(t->ssl, t->heard + t->heard_len,
                       sizeof t->heard - t->heard_len, &n) == 1) {
        t->heard_len += n;
    }
    t->failed = SSL_get_error(t->ssl, 0) == SSL_ERROR_SSL;
    return moved;
}

static bool hear(struct talk *t)
{
    size_t n;

    if (t->deaf || t->failed) {
        return false;
    }
    if (t->ssl != NULL) {
        return hear_tls(t);
    }
    n = far_read(t->tcp, t->heard + t->heard_len,
                 sizeof t->heard - t->heard_len);
    t->heard_len += n;
    return n > 0;
}

bool talk_turn(struct talk *t)
{
    bool heard = hear(t);
    bool said = send(t);

    return heard || said;
}

int talk_reply(struct talk *t)
{
    char *line = t->heard;
    char *end;

    while ((end = memchr(line, '\n',
                         t->heard_len - (size_t)(line - t->heard))) != NULL) {
        bool last = end - line >= 4 && line[3] == ' ';
        int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';

        line = end + 1;
        if (last) {
            t->heard_len -= (size_t)(line - t->heard);
            memmove(t->heard, line, t->heard_len);
            return code;
        }
    }
    if (t->heard_len == sizeof t->heard) {
        give_up("a reply of more than %zu octets", sizeof t->heard);
    }
    return 0;
}

bool talk_over(const struct talk *t)
{
    return t->failed || far_lost(t->tcp) || (!t->deaf && far_eof(t->tcp));
}

/* --- ends --------------------------------------------------------------- */

static struct far_conn *let_go(struct talk *t)
{
    struct far_conn *tcp = t->tcp;

    if (t->ssl != NULL) {
        /* Else OpenSSL would not resume it, as SSL 2 had it. */
        SSL_set_shutdown(t->ssl, SSL_SENT_SHUTDOWN);
    }
    SSL_free(t->ssl);
    memset(t, 0, sizeof *t);
    return tcp;
}

void talk_close(struct talk *t)
{
    far_close(let_go(t));
}

void talk_reset(struct talk *t)
{
    far_reset(let_go(t));
}

void talk_vanish(struct talk *t)
{
    far_vanish(let_go(t));
}
