/* SPDX-License-Identifier: BSD-3-Clause */
/* How sessions end: honestly, cut off, or because somebody misbehaves. */
#include "tls_peer.h"

#include <mbedtls/ssl.h>
#include <openssl/err.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct peer_world ec;

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static void open_version(struct peer *p, int version)
{
    peer_open(p, &ec);
    peer_limit(p, version, NULL, NULL);
    peer_shake(p);
}

/* Everything is taken and ignored once it is over. */
static void check_deaf(struct peer *p)
{
    size_t len;

    assert_int_equal(mx_tls_push(&p->tls, "anything", 8), 8);
    assert_null(mx_tls_in_buf(&p->tls, &len));
    assert_int_equal(mx_tls_write(&p->tls, "x", 1), 0);
}

static void check_failed(struct peer *p, int error)
{
    assert_int_equal(mx_tls_state(&p->tls), MX_TLS_FAILED);
    assert_int_equal(mx_tls_error(&p->tls), error);
    assert_true(strlen(mx_tls_error_text(&p->tls)) > 10);
    check_deaf(p);
}

/* The alert that the client got, from its error queue. */
static int alert_heard(struct peer *p)
{
    char byte;
    unsigned long e;

    while (peer_pull(p)) {
    }
    ERR_clear_error();
    if (p->shaken) {
        assert_true(SSL_read(p->ssl, &byte, 1) <= 0);
    } else {
        assert_true(SSL_do_handshake(p->ssl) <= 0);
    }
    e = ERR_peek_error();
    assert_int_equal(ERR_GET_LIB(e), ERR_LIB_SSL);
    return ERR_GET_REASON(e) - SSL_AD_REASON_OFFSET;
}

/* --- honest ends -------------------------------------------------------- */

static void peer_closes(void **state)
{
    char buf[8];

    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        open_version(&p, versions[v]);
        peer_say(&p, "QUIT\r\n", 6);
        SSL_shutdown(p.ssl);
        assert_int_equal(peer_take(&p, buf, 6), 6);
        peer_run(&p);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_EOF);
        check_deaf(&p);
        mx_tls_push_eof(&p.tls);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_EOF);
        mx_tls_close(&p.tls);
        peer_run(&p);
        assert_int_equal(SSL_shutdown(p.ssl), 1);
        peer_close(&p);
    }
}

/* What was written before is sent before; nothing can be written after. */
static void we_close(void **state)
{
    char buf[8];
    size_t len;

    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        open_version(&p, versions[v]);
        assert_int_equal(mx_tls_write(&p.tls, "221 2\r\n", 7), 7);
        mx_tls_close(&p.tls);
        mx_tls_close(&p.tls);
        assert_int_equal(mx_tls_write(&p.tls, "x", 1), 0);
        peer_run(&p);
        assert_null(mx_tls_out_buf(&p.tls, &len));
        mx_tls_close(&p.tls);
        assert_null(mx_tls_out_buf(&p.tls, &len));
        assert_int_equal(peer_hear(&p, buf, 8), 7);
        assert_int_equal(SSL_get_shutdown(p.ssl), SSL_RECEIVED_SHUTDOWN);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OPEN);
        SSL_shutdown(p.ssl);
        peer_run(&p);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_EOF);
        peer_close(&p);
    }
}

static void end_in_every_state(void **state)
{
    struct peer p;
    size_t len;

    (void)state;
    memset(&p, 0, sizeof p);
    mx_tls_end(&p.tls);
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OFF);
    assert_int_equal(mx_tls_push(&p.tls, "x", 1), 0);
    assert_int_equal(mx_tls_write(&p.tls, "x", 1), 0);
    assert_null(mx_tls_in_buf(&p.tls, &len));
    assert_null(mx_tls_out_buf(&p.tls, &len));
    mx_tls_close(&p.tls);
    mx_tls_push_eof(&p.tls);
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OFF);
    open_version(&p, TLS1_3_VERSION);
    assert_int_equal(mx_tls_write(&p.tls, "x", 1), 1);
    mx_tls_end(&p.tls);
    mx_tls_end(&p.tls);
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OFF);
    peer_close(&p);
}

/* --- cut off ------------------------------------------------------------ */

static void truncated(void **state)
{
    size_t len;

    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        open_version(&p, versions[v]);
        mx_tls_push_eof(&p.tls);
        check_failed(&p, MBEDTLS_ERR_SSL_CONN_EOF);
        assert_null(mx_tls_out_buf(&p.tls, &len));
        peer_close(&p);
    }
}

/* What came whole before the cut is delivered first. */
static void truncated_behind_text(void **state)
{
    struct peer p;
    size_t len;

    (void)state;
    open_version(&p, TLS1_3_VERSION);
    peer_say(&p, "QUIT\r\n", 6);
    assert_true(peer_push(&p));
    mx_tls_push_eof(&p.tls);
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OPEN);
    assert_memory_equal(mx_tls_in_buf(&p.tls, &len), "QUIT\r\n", 6);
    mx_tls_in_ack(&p.tls, 5);
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OPEN);
    mx_tls_in_ack(&p.tls, 1);
    check_failed(&p, MBEDTLS_ERR_SSL_CONN_EOF);
    peer_close(&p);
}

static void truncated_in_a_record(void **state)
{
    struct peer p;
    char *data;

    (void)state;
    open_version(&p, TLS1_2_VERSION);
    peer_say(&p, "QUIT\r\n", 6);
    BIO_get_mem_data(p.from_ssl, &data);
    mx_tls_push(&p.tls, data, 20);
    mx_tls_push_eof(&p.tls);
    check_failed(&p, MBEDTLS_ERR_SSL_CONN_EOF);
    peer_close(&p);
}

static void truncated_with_records_out(void **state)
{
    struct peer p;
    size_t len;

    (void)state;
    open_version(&p, TLS1_3_VERSION);
    assert_int_equal(mx_tls_write(&p.tls, "250 OK\r\n", 8), 8);
    mx_tls_push_eof(&p.tls);
    check_failed(&p, MBEDTLS_ERR_SSL_CONN_EOF);
    assert_non_null(mx_tls_out_buf(&p.tls, &len));
    mx_tls_out_ack(&p.tls, len);
    assert_null(mx_tls_out_buf(&p.tls, &len));
    peer_close(&p);
}

/* The connection goes away after every part of the handshake. */
static void truncated_handshake(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        for (size_t n = 0; n < 600; n += 13) {
            struct peer p;
            size_t left = n;

            peer_open(&p, &ec);
            peer_limit(&p, versions[v], NULL, NULL);
            p.push_max = 1;
            SSL_do_handshake(p.ssl);
            while (left > 0 && peer_push(&p)) {
                left--;
                if (peer_pull(&p)) {
                    SSL_do_handshake(p.ssl);
                }
            }
            if (mx_tls_state(&p.tls) == MX_TLS_HANDSHAKE) {
                mx_tls_push_eof(&p.tls);
                check_failed(&p, MBEDTLS_ERR_SSL_CONN_EOF);
            }
            peer_close(&p);
        }
    }
}

/* --- misbehaviour ------------------------------------------------------- */

static const struct {
    const char *bytes;
    size_t len;
    int error;
    int alert;
} garbage[] = {
    {"EHLO example.test\r\n", 19, MBEDTLS_ERR_SSL_INVALID_RECORD, 50},
    {"\x17\x03\x03\x00\x01x", 6, MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, 10},
    {"\x16\x03\x01\xff\xff", 5, MBEDTLS_ERR_SSL_BAD_INPUT_DATA, 22},
    {"\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9,
     MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, 10},
    {"\x80\x2e\x01\x00\x02", 5, MBEDTLS_ERR_SSL_INVALID_RECORD, 50},
    {"\x16\x03\x01\x00\x06\x01\x00\x00\x02\x03\x03", 11,
     MBEDTLS_ERR_SSL_DECODE_ERROR, 50},
};

static void garbage_for_hello(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct peer p;
        size_t len;
        const unsigned char *out;

        peer_open(&p, &ec);
        assert_int_equal(mx_tls_push(&p.tls, garbage[i].bytes, garbage[i].len),
                         garbage[i].len);
        check_failed(&p, garbage[i].error);
        out = mx_tls_out_buf(&p.tls, &len);
        assert_int_equal(len, 7);
        assert_int_equal(out[0], 21);
        assert_int_equal(out[5], 2);
        assert_int_equal(out[6], garbage[i].alert);
        mx_tls_out_ack(&p.tls, len);
        assert_null(mx_tls_out_buf(&p.tls, &len));
        peer_close(&p);
    }
}

static void old_version(void **state)
{
    struct peer p;

    (void)state;
    peer_open(&p, &ec);
    SSL_set_security_level(p.ssl, 0);
    peer_limit(&p, TLS1_1_VERSION, "ALL:@SECLEVEL=0", NULL);
    SSL_do_handshake(p.ssl);
    assert_true(peer_push(&p));
    check_failed(&p, MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION);
    assert_int_equal(alert_heard(&p), 70);
    peer_close(&p);
}

static void nothing_in_common(void **state)
{
    struct peer p;

    (void)state;
    peer_open(&p, &ec);
    peer_limit(&p, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA", NULL);
    SSL_do_handshake(p.ssl);
    assert_true(peer_push(&p));
    check_failed(&p, MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE);
    assert_int_equal(alert_heard(&p), 40);
    peer_close(&p);

    peer_open(&p, &ec);
    peer_limit(&p, TLS1_3_VERSION, NULL, "P-384");
    SSL_do_handshake(p.ssl);
    assert_true(peer_push(&p));
    check_failed(&p, MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE);
    assert_int_equal(alert_heard(&p), 40);
    peer_close(&p);
}

/* Told to retry, the ClientHello of TLS 1.3 is followed by one of 1.2. To go on
 * with that is to resume a ticket of the first with a secret that everybody knows
 * (mbedTLS before 3.6.6, and 4.0). */
static void older_after_a_retry(void **state)
{
    struct peer p;
    struct peer old;
    char *hello;
    size_t len;

    (void)state;
    peer_open(&p, &ec);
    peer_limit(&p, TLS1_3_VERSION, NULL, "P-384:P-256");
    SSL_do_handshake(p.ssl);
    assert_true(peer_push(&p));
    while (peer_pull(&p)) {
    }
    peer_open(&old, &ec);
    peer_limit(&old, TLS1_2_VERSION, NULL, NULL);
    SSL_do_handshake(old.ssl);
    len = (size_t)BIO_get_mem_data(old.from_ssl, &hello);
    assert_int_equal(mx_tls_push(&p.tls, hello, len), len);
    check_failed(&p, MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER);
    assert_int_equal(alert_heard(&p), 47);
    peer_close(&old);
    peer_close(&p);
}

/* The client does not know our CA, and says so. */
static void peer_refuses_us(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;

        peer_open(&p, &ec);
        peer_limit(&p, versions[v], NULL, NULL);
        SSL_set1_host(p.ssl, "other.example.test");
        peer_run(&p);
        check_failed(&p, MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
        assert_string_equal(mx_tls_error_text(&p.tls), "peer: bad certificate");
        peer_close(&p);
    }
}

/* A bit is turned in the client's record. */
static void forged_record(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;
        char *data;
        size_t len;

        open_version(&p, versions[v]);
        peer_say(&p, "MAIL", 4);
        len = (size_t)BIO_get_mem_data(p.from_ssl, &data);
        data[len - 3] ^= 1;
        mx_tls_push(&p.tls, data, len);
        check_failed(&p, MBEDTLS_ERR_SSL_INVALID_MAC);
        assert_int_equal(alert_heard(&p), 20);
        peer_close(&p);
    }
}

/* Forged in the handshake: the client's Finished. */
static void forged_finished(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct peer p;
        char *data;
        size_t len;

        peer_open(&p, &ec);
        peer_limit(&p, versions[v], NULL, "P-256");
        SSL_do_handshake(p.ssl);
        while (peer_push(&p)) {
        }
        while (peer_pull(&p)) {
        }
        SSL_do_handshake(p.ssl);
        len = (size_t)BIO_get_mem_data(p.from_ssl, &data);
        data[len - 3] ^= 1;
        mx_tls_push(&p.tls, data, len);
        check_failed(&p, MBEDTLS_ERR_SSL_INVALID_MAC);
        assert_non_null(mx_tls_out_buf(&p.tls, &len));
        peer_close(&p);
    }
}

static void clear_text_in_tls(void **state)
{
    struct peer p;

    (void)state;
    open_version(&p, TLS1_3_VERSION);
    mx_tls_push(&p.tls, "RSET\r\n", 6);
    check_failed(&p, MBEDTLS_ERR_SSL_INVALID_RECORD);
    assert_int_equal(alert_heard(&p), 50);
    peer_close(&p);
}

/* TLS 1.2: declined with a warning, and the session lives; or the client ends
 * it, as OpenSSL does. */
static void renegotiation(void **state)
{
    struct peer p;

    (void)state;
    open_version(&p, TLS1_2_VERSION);
    assert_int_equal(SSL_renegotiate(p.ssl), 1);
    SSL_do_handshake(p.ssl);
    assert_true(peer_push(&p));
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OPEN);
    assert_int_equal(mx_tls_write(&p.tls, "x", 1), 0); /* the warning is out */
    while (peer_pull(&p)) {
    }
    assert_int_equal(mx_tls_write(&p.tls, "x", 1), 1);
    assert_int_equal(SSL_do_handshake(p.ssl), -1);
    assert_int_equal(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
    peer_run(&p);
    check_failed(&p, MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
    peer_close(&p);
}

/* mbedTLS 3.6 has no KeyUpdate: it ends the session, with an alert. */
static void key_update(void **state)
{
    struct peer p;

    (void)state;
    open_version(&p, TLS1_3_VERSION);
    assert_int_equal(SSL_key_update(p.ssl, SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    SSL_do_handshake(p.ssl);
    assert_true(peer_push(&p));
    check_failed(&p, MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE);
    assert_int_equal(alert_heard(&p), 10);
    peer_close(&p);
}

/* Warnings in the clear, before anything: bounded. */
static void endless_warnings(void **state)
{
    static const unsigned char warning[] = {21, 3, 3, 0, 2, 1, 90};
    struct peer p;
    unsigned n = 0;

    (void)state;
    peer_open(&p, &ec);
    while (mx_tls_state(&p.tls) == MX_TLS_HANDSHAKE && n < 1000) {
        assert_int_equal(mx_tls_push(&p.tls, warning, sizeof warning),
                         sizeof warning);
        n++;
    }
    assert_in_range(n, 1, 40);
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_FAILED);
    peer_close(&p);
}

static int setup(void **state)
{
    (void)state;
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
        cmocka_unit_test(peer_closes),
        cmocka_unit_test(we_close),
        cmocka_unit_test(end_in_every_state),
        cmocka_unit_test(truncated),
        cmocka_unit_test(truncated_behind_text),
        cmocka_unit_test(truncated_in_a_record),
        cmocka_unit_test(truncated_with_records_out),
        cmocka_unit_test(truncated_handshake),
        cmocka_unit_test(garbage_for_hello),
        cmocka_unit_test(old_version),
        cmocka_unit_test(nothing_in_common),
        cmocka_unit_test(older_after_a_retry),
        cmocka_unit_test(peer_refuses_us),
        cmocka_unit_test(forged_record),
        cmocka_unit_test(forged_finished),
        cmocka_unit_test(clear_text_in_tls),
        cmocka_unit_test(renegotiation),
        cmocka_unit_test(key_update),
        cmocka_unit_test(endless_warnings),
    };

    return cmocka_run_group_tests_name("ends", tests, setup, teardown);
}
