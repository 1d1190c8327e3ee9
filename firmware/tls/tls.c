/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS session as a transformer of bytes.
 *
 * mbedTLS wants to pull and push; here it is pumped instead, and its two I/O
 * functions are where the pump runs dry:
 *
 *   recv    hands out of the span that push() is offering; at its end it says
 *           WANT_READ and push() returns.
 *   send    copies nothing. It notes where in its own buffer mbedTLS has put
 *           the records and says WANT_WRITE; mbedTLS then leaves them in place
 *           and calls again with the same bytes, which is what it would do for
 *           a socket that is full. That call comes when the host has
 *           acknowledged them all, and is told that all were sent.
 *
 * So there is one rule: while records wait in out_buf(), nobody calls into
 * mbedTLS (but to free it). Everything below keeps to it.
 */
#include "tinymx/tls.h"

#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/client_ca.h"
#include "tls/failure.h"
#include "tls/suite.h"
#include "tls/tls_impl.h"
#include "util/assert.h"

#include <string.h>

/* Records in a row that bring nothing: in a handshake all there are (a client
 * needs seven, more if its ClientHello comes in pieces), later empty ones,
 * warnings and attempts to renegotiate. */
#define IDLE_MAX 32

static bool out_waits(const struct mx_tls *t)
{
    return t->out_done < t->out_len;
}

/* Plaintext that the host has not acknowledged. It stays in mbedTLS's record;
 * what a failure leaves of it is nobody's. */
static size_t plain_left(const struct mx_tls *t)
{
    return t->state == MX_TLS_OPEN ? mbedtls_ssl_get_bytes_avail(&t->impl->ssl)
                                   : 0;
}

/* --- mbedTLS's I/O ------------------------------------------------------ */

/* Counts a record when its first byte is asked for. */
static bool one_too_many(struct mx_tls *t)
{
    if (t->impl->ssl.MBEDTLS_PRIVATE(in_left) == 0) {
        t->idle++;
    }
    return t->idle > IDLE_MAX;
}

static int bio_recv(void *ctx, unsigned char *buf, size_t len)
{
    struct mx_tls *t = ctx;

    if (t->in_len == 0) {
        return t->eof ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    }
    if (one_too_many(t)) {
        return MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE;
    }
    if (len > t->in_len) {
        len = t->in_len;
    }
    memcpy(buf, t->in, len);
    t->in += len;
    t->in_len -= len;
    return (int)len;
}

/*
 * A fatal alert that mbedTLS had put off is the one exception to WANT_WRITE:
 * it would make that alert anew each time it is called. It is the last thing
 * that is ever written, so "sent" does no harm: its bytes stay.
 */
static int bio_send(void *ctx, const unsigned char *buf, size_t len)
{
    struct mx_tls *t = ctx;

    MX_ASSERT(!out_waits(t));
    if (t->out != NULL) {
        MX_ASSERT(buf == t->out && len == t->out_len);
        t->out = NULL;
        t->out_len = 0;
        t->out_done = 0;
        return (int)len;
    }
    t->out = buf;
    t->out_len = len;
    return t->impl->ssl.MBEDTLS_PRIVATE(send_alert) != 0
               ? (int)len
               : MBEDTLS_ERR_SSL_WANT_WRITE;
}

/* --- states ------------------------------------------------------------- */

static void fail(struct mx_tls *t, int error)
{
    mbedtls_ssl_context *ssl = &t->impl->ssl;
    uint8_t alert = failure_alert(error);

    t->state = MX_TLS_FAILED;
    t->error = error;
    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
        t->alert = ssl->MBEDTLS_PRIVATE(in_msg)[1];
    }
    if (t->out == NULL && alert != FAILURE_SILENT) {
        (void)mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                             alert);
    }
}

/* A TLS 1.3 client that does not like our certificate may say so in the clear,
 * before it has begun to encrypt. To mbedTLS that is a forged record; nobody
 * vouches for the alert, but the handshake is lost in any case, and the owner
 * learns why. */
static bool alert_in_clear(const mbedtls_ssl_context *ssl)
{
    const unsigned char *record = ssl->MBEDTLS_PRIVATE(in_hdr);

    return record[0] == MBEDTLS_SSL_MSG_ALERT && record[3] == 0 &&
           record[4] == 2;
}

static void become_open(struct mx_tls *t)
{
    const mbedtls_ssl_context *ssl = &t->impl->ssl;

    t->state = MX_TLS_OPEN;
    t->idle = 0;
    t->facts.version = suite_version((int)mbedtls_ssl_get_version_number(ssl));
    t->facts.cipher = suite_name(mbedtls_ssl_get_ciphersuite_id_from_ssl(ssl));
    t->facts.resumed = !t->proven;
    client_ca_judge(ssl, &t->facts);
}

/* A HelloRetryRequest is of TLS 1.3, and so is what has to follow. mbedTLS before
 * 3.6.6 and in 4.0 goes on with a ClientHello of 1.2 there, with what the ticket
 * of the first has left behind: a known secret. */
static bool fell_back(const struct mx_tls *t)
{
    return t->retried && mbedtls_ssl_get_version_number(&t->impl->ssl) !=
                             MBEDTLS_SSL_VERSION_TLS1_3;
}

/* mbedTLS's next step. What a handshake passes by, it does not do: a resumed one
 * shows no certificate. */
static int advance(struct mx_tls *t)
{
    mbedtls_ssl_context *ssl = &t->impl->ssl;
    int now = ssl->MBEDTLS_PRIVATE(state);
    int ret;

    t->proven |= now == MBEDTLS_SSL_SERVER_CERTIFICATE;
    t->retried |= now == MBEDTLS_SSL_HELLO_RETRY_REQUEST;
    ret = mbedtls_ssl_handshake_step(ssl);
    return ret == 0 && fell_back(t) ? MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER : ret;
}

/* One step of the handshake; whether another may follow at once. mbedTLS
 * reaches its last state when the last flight has been acknowledged. */
static bool shake(struct mx_tls *t)
{
    mbedtls_ssl_context *ssl = &t->impl->ssl;
    int ret = advance(t);

    if (ret == MBEDTLS_ERR_SSL_WANT_READ || ret == MBEDTLS_ERR_SSL_WANT_WRITE) {
        return false;
    }
    if (ret != 0) {
        fail(t, ret == MBEDTLS_ERR_SSL_INVALID_MAC && alert_in_clear(ssl)
                    ? MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
                    : ret);
        return false;
    }
    if (ssl->MBEDTLS_PRIVATE(state) == MBEDTLS_SSL_HANDSHAKE_OVER) {
        become_open(t);
    }
    return true;
}

/* Decrypts the next record, which a read of nothing leaves in its place; whether
 * to try again at once. */
static bool fetch(struct mx_tls *t)
{
    int ret;

    if (plain_left(t) > 0) {
        return false;
    }
    ret = mbedtls_ssl_read(&t->impl->ssl, NULL, 0);
    if (plain_left(t) > 0) {
        t->idle = 0;
        return false;
    }
    if (ret == 0 && t->eof && t->in_len == 0) {
        ret = MBEDTLS_ERR_SSL_CONN_EOF;
    }
    /* 0: an empty record. WANT_READ: no more input, or a warning was skipped;
     * WANT_WRITE: a request to renegotiate was declined. */
    if (ret == 0 || ret == MBEDTLS_ERR_SSL_WANT_READ ||
        ret == MBEDTLS_ERR_SSL_WANT_WRITE) {
        return t->in_len != 0;
    }
    if (ret == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        t->state = MX_TLS_EOF;
        return false;
    }
    fail(t, ret);
    return false;
}

/* What there is to do in a state; nothing in the others. */
static bool (*const step[])(struct mx_tls *t) = {
    [MX_TLS_OFF] = NULL, [MX_TLS_HANDSHAKE] = shake, [MX_TLS_OPEN] = fetch,
    [MX_TLS_EOF] = NULL, [MX_TLS_FAILED] = NULL,
};

static void pump(struct mx_tls *t)
{
    while (!out_waits(t) && step[t->state] != NULL && step[t->state](t)) {
    }
}

static bool over(const struct mx_tls *t)
{
    return step[t->state] == NULL;
}

/* --- the session -------------------------------------------------------- */

int mx_tls_start(struct mx_tls *t, const struct mx_tls_server *server)
{
    memset(t, 0, sizeof *t);
    t->impl = mx_arena_room() ? mx_arena_calloc(1, sizeof *t->impl) : NULL;
    if (t->impl == NULL) {
        return MX_ENOMEM;
    }
    mbedtls_ssl_init(&t->impl->ssl);
    if (mbedtls_ssl_setup(&t->impl->ssl, &server->impl->conf) != 0) {
        mx_tls_end(t);
        return MX_ENOMEM;
    }
    mbedtls_ssl_set_bio(&t->impl->ssl, t, bio_send, bio_recv, NULL);
    t->state = MX_TLS_HANDSHAKE;
    return 0;
}

void mx_tls_end(struct mx_tls *t)
{
    if (t->impl != NULL) {
        mbedtls_ssl_free(&t->impl->ssl);
        mx_arena_free(t->impl);
    }
    memset(t, 0, sizeof *t);
}

enum mx_tls_state mx_tls_state(const struct mx_tls *t)
{
    return (enum mx_tls_state)t->state;
}

const struct mx_tls_facts *mx_tls_facts(const struct mx_tls *t)
{
    return &t->facts;
}

int mx_tls_error(const struct mx_tls *t)
{
    return t->error;
}

const char *mx_tls_error_text(const struct mx_tls *t)
{
    return failure_text(t->error, t->alert);
}

/* --- in ----------------------------------------------------------------- */

/* After close_notify or a failure what comes is taken and ignored (RFC 8446
 * 6.1), so that the window stays open and our alert gets through. */
size_t mx_tls_push(struct mx_tls *t, const void *data, size_t len)
{
    size_t left;

    if (t->state == MX_TLS_OFF) {
        return 0;
    }
    t->in = data;
    t->in_len = len;
    pump(t);
    left = over(t) ? 0 : t->in_len;
    t->in = NULL;
    t->in_len = 0;
    return len - left;
}

/* Plaintext that came whole before the end is still good, and comes first. */
void mx_tls_push_eof(struct mx_tls *t)
{
    if (over(t)) {
        return;
    }
    t->eof = true;
    pump(t);
    if (!over(t) && plain_left(t) == 0) {
        fail(t, MBEDTLS_ERR_SSL_CONN_EOF);
    }
}

const void *mx_tls_in_buf(struct mx_tls *t, size_t *len)
{
    *len = plain_left(t);
    return *len > 0 ? t->impl->ssl.MBEDTLS_PRIVATE(in_offt) : NULL;
}

/* What mbedtls_ssl_read() does when it has copied. */
void mx_tls_in_ack(struct mx_tls *t, size_t len)
{
    size_t left = plain_left(t);
    mbedtls_ssl_context *ssl;

    MX_ASSERT(len <= left);
    if (len == 0) {
        return;
    }
    ssl = &t->impl->ssl;
    ssl->MBEDTLS_PRIVATE(in_offt) += len;
    ssl->MBEDTLS_PRIVATE(in_msglen) -= len;
    if (len == left) {
        ssl->MBEDTLS_PRIVATE(in_offt) = NULL;
        ssl->MBEDTLS_PRIVATE(keep_current_message) = 0;
        pump(t);
    }
}

/* --- out ---------------------------------------------------------------- */

/* The record is made at once, so the plaintext is taken as soon as mbedTLS has
 * seen it, and what mbedTLS still wants is a flush: see settle(). */
size_t mx_tls_write(struct mx_tls *t, const void *data, size_t len)
{
    mbedtls_ssl_context *ssl;
    int ret;

    if (t->state != MX_TLS_OPEN || out_waits(t) || t->closing || len == 0) {
        return 0;
    }
    ssl = &t->impl->ssl;
    ret = mbedtls_ssl_get_max_out_record_payload(ssl);
    if (ret > 0) {
        len = len < (size_t)ret ? len : (size_t)ret;
        ret = mbedtls_ssl_write(ssl, data, len);
    }
    if (ret != MBEDTLS_ERR_SSL_WANT_WRITE) {
        fail(t, ret);
        return 0;
    }
    return len;
}

static void send_close(struct mx_tls *t)
{
    if (t->closing && !t->closed && !out_waits(t) &&
        t->state != MX_TLS_FAILED) {
        t->closed = true;
        (void)mbedtls_ssl_close_notify(&t->impl->ssl);
    }
}

void mx_tls_close(struct mx_tls *t)
{
    if (t->state == MX_TLS_OPEN || t->state == MX_TLS_EOF) {
        t->closing = true;
        send_close(t);
    }
}

/* Everything was acknowledged: tells mbedTLS. In a handshake its next step
 * asks by itself. Later there is no call for it but this one: with a record
 * unsent, a write of nothing is a flush. */
static void settle(struct mx_tls *t)
{
    if (t->state == MX_TLS_FAILED) {
        t->out = NULL;
        t->out_len = 0;
        t->out_done = 0;
    } else if (t->state != MX_TLS_HANDSHAKE) {
        int ret = mbedtls_ssl_write(&t->impl->ssl, NULL, 0);

        MX_ASSERT(ret == 0 && t->out == NULL);
    }
}

const void *mx_tls_out_buf(struct mx_tls *t, size_t *len)
{
    *len = t->out_len - t->out_done;
    return *len != 0 ? t->out + t->out_done : NULL;
}

void mx_tls_out_ack(struct mx_tls *t, size_t len)
{
    MX_ASSERT(len <= t->out_len - t->out_done);
    t->out_done += len;
    if (len == 0 || out_waits(t)) {
        return;
    }
    settle(t);
    send_close(t);
    pump(t);
}
