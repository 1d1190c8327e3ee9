/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * STARTTLS through the whole server, over a real lwIP, with OpenSSL as the
 * client: the airlock, the slots and who waits for them, every way a session in
 * TLS can end. After each test the arena is as it was.
 */
#include "stage_tls.h"

#include <string.h>

#include "tls/arena.h"

/* Greeting, EHLO and STARTTLS, up to the 220 that lets TLS begin. */
static void client_asks_tls(struct client *c)
{
    client_open(c);
    SAYS(&c->tcp, "220 ");
    peer_say(&c->tcp, "EHLO clear.example\r\n");
    SAYS(&c->tcp, "250-STARTTLS\r\n");
    c->tcp.fill = 0;
    c->tcp.in[0] = '\0';
    peer_say(&c->tcp, "STARTTLS\r\n");
}

static void client_in_tls(struct client *c)
{
    client_asks_tls(c);
    SAYS(&c->tcp, "220 2.0.0 ");
    client_secure(c);
    CLIENT_UNTIL(c, SSL_is_init_finished(c->ssl));
    assert_int_equal(SSL_get_verify_result(c->ssl), X509_V_OK);
}

static void client_greeted(struct client *c)
{
    client_in_tls(c);
    client_says_line(c, "EHLO secret.example\r\n");
    client_hears(c, "250 ENHANCEDSTATUSCODES\r\n");
}

#define ENVELOPE                                                               \
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<joe@example.test>\r\nDATA\r\n"

/* --- the airlock -------------------------------------------------------- */

static void test_mail(void **state)
{
    struct client c;

    (void)state;
    client_greeted(&c);
    client_says_line(&c, ENVELOPE);
    client_hears(&c, "354 ");
    client_says_line(&c, "Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n");
    client_hears(&c, "\r\n221 ");
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    client_close(&c);
    assert_int_equal(store.committed, 1);
    assert_non_null(strstr(store.text, "from secret.example ([192.0.2.1])"));
    assert_non_null(strstr(store.text, "(using TLSv1.3 with cipher TLS_"));
    assert_non_null(strstr(store.text, " with ESMTPS id "));
    assert_null(strstr(store.text, "clear"));
    assert_int_equal(server.stats.handshakes, 1);
}

/* What clear text earned is gone: the greeting too. */
static void test_state_is_gone(void **state)
{
    struct client c;

    (void)state;
    client_in_tls(&c);
    client_says_line(&c, "MAIL FROM:<a@b.example>\r\n");
    client_hears(&c, "503 5.5.1 ");
    client_says_line(&c, "STARTTLS\r\n");
    CLIENT_UNTIL(&c, strstr(c.text + 10, "503 5.5.1 ") != NULL);
    client_says_line(&c, "EHLO secret.example\r\n");
    client_hears(&c, "250 ENHANCEDSTATUSCODES\r\n");
    assert_null(strstr(c.text, "250-STARTTLS"));
    assert_non_null(strstr(c.text, "250-REQUIRETLS"));
    client_close(&c);
}

/* Commands behind STARTTLS, in its segment or in one that arrives before the
 * 220 is sent, are never run: neither in clear nor inside TLS. */
static void test_injection(void **state)
{
    static const char *const injected[] = {
        "STARTTLS\r\nRSET\r\n",
        "STARTTLS\r\nMAIL FROM:<evil@b.example>\r\n",
        "STARTTLS\r\n\r\n",
        "STARTTLS\r\nR",
        "RSET\r\nSTARTTLS\r\nEHLO evil.example\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof injected / sizeof *injected; i++) {
        struct client c;

        client_open(&c);
        SAYS(&c.tcp, "220 ");
        peer_say(&c.tcp, "EHLO clear.example\r\n");
        SAYS(&c.tcp, "STARTTLS");
        peer_say(&c.tcp, injected[i]);
        SAYS(&c.tcp, "554 5.5.0 ");
        UNTIL(c.tcp.eof);
        assert_null(strstr(c.tcp.in, "220 2.0.0"));
        peer_close(&c.tcp);
    }
    assert_int_equal(server.stats.breaches, 5);
    assert_int_equal(server.stats.early, 0);
    assert_int_equal(server.stats.handshakes, 0);
    assert_int_equal(store.opened, 0);
}

/* What comes behind the 220 and is no ClientHello ends the connection. */
static void test_garbage_handshake(void **state)
{
    struct client c;

    (void)state;
    client_asks_tls(&c);
    SAYS(&c.tcp, "220 2.0.0 ");
    c.tcp.fill = 0;
    peer_say(&c.tcp, "EHLO injected.example\r\nMAIL FROM:<evil@b.example>\r\n");
    UNTIL(c.tcp.eof);
    assert_true(c.tcp.fill > 0 && c.tcp.in[0] == 21); /* an alert */
    peer_close(&c.tcp);
    assert_int_equal(server.stats.handshakes_failed, 1);
    assert_int_equal(store.opened, 0);
}

/* --- manners: see server_manners_test ----------------------------------- */

/* What is behind EHLO in its record, or in one of its own that has come. */
static void test_early(void **state)
{
    static const char *const behind[][2] = {
        {"EHLO secret.example\r\nRSET\r\n", ""},
        {"EHLO secret.example\r\n", "RSET\r\n"},
        {"QUIT\r\n", "R"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        struct client c;

        client_in_tls(&c);
        for (size_t record = 0; record < 2; record++) {
            if (behind[i][record][0] != '\0') {
                assert_true(SSL_write(c.ssl, behind[i][record],
                                      (int)strlen(behind[i][record])) > 0);
            }
        }
        client_send(&c);
        client_hears(&c, "554 5.5.0 ");
        CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
        client_close(&c);
    }
    assert_int_equal(server.stats.early, 3);
}

/* Ciphertext is not speech: a close_notify behind QUIT, half a record behind
 * EHLO, whose other half comes when it may. */
static void test_not_early(void **state)
{
    struct client c;
    char record[256];
    int len;

    (void)state;
    client_in_tls(&c);
    assert_true(SSL_write(c.ssl, "EHLO secret.example\r\n", 21) > 0);
    client_send(&c);
    assert_true(SSL_write(c.ssl, "RSET\r\n", 6) > 0);
    len = BIO_read(c.to_wire, record, sizeof record);
    assert_int_equal(peer_send(&c.tcp, record, 10), 10);
    client_hears(&c, "250 ENHANCEDSTATUSCODES\r\n");
    len -= 10;
    assert_int_equal(peer_send(&c.tcp, record + 10, (size_t)len), len);
    client_hears(&c, "250 2.0.0 ");
    assert_true(SSL_write(c.ssl, "QUIT\r\n", 6) > 0);
    (void)SSL_shutdown(c.ssl);
    client_send(&c);
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    assert_null(strstr(c.text, "554 "));
    client_close(&c);
    assert_int_equal(server.stats.early, 0);
}

/* --- data --------------------------------------------------------------- */

/* Every octet in a record of its own, all of them waiting at once. */
static void test_tiny_records(void **state)
{
    static const char text[] = "Subject: x\r\n\r\n..two dots\r\n.\r\nQUIT\r\n";
    struct client c;
    uint32_t began;

    (void)state;
    client_greeted(&c);
    client_says_line(&c, ENVELOPE);
    client_hears(&c, "354 ");
    began = test_now_ms;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        assert_int_equal(SSL_write(c.ssl, text + i, 1), 1);
    }
    CLIENT_UNTIL(&c, c.notified);
    assert_non_null(strstr(c.text, "250 2.0.0 Message"));
    /* By the test's own clock: the server asked to be called in time. */
    assert_in_range(test_now_ms - began, 0, 999);
    client_close(&c);
    assert_int_equal(store.committed, 1);
    assert_non_null(strstr(store.text, "\r\n\r\n.two dots\r\n"));
}

/* Full records, and a sink that takes seven bytes and then none. */
static void test_slow_sink(void **state)
{
    static char body[40000];
    struct client c;
    size_t sent = 0;

    (void)state;
    memset(body, 'x', sizeof body);
    for (size_t i = 78; i < sizeof body; i += 80) {
        memcpy(body + i, "\r\n", 2);
    }
    store.most = 7;
    store.hiccups = true;
    client_greeted(&c);
    client_says_line(&c, ENVELOPE);
    client_hears(&c, "354 ");
    while (sent < sizeof body) {
        size_t n = sizeof body - sent < 16384 ? sizeof body - sent : 16384;

        client_says(&c, body + sent, n);
        sent += n;
    }
    client_says_line(&c, ".\r\nQUIT\r\n");
    CLIENT_UNTIL(&c, c.notified);
    client_close(&c);
    assert_int_equal(store.committed, 1);
    assert_memory_equal(store.text + store.fill - sizeof body, body,
                        sizeof body);
}

/* A FIN inside DATA without close_notify is a truncation. */
static void test_truncation(void **state)
{
    struct client c;

    (void)state;
    client_greeted(&c);
    client_says_line(&c, ENVELOPE);
    client_hears(&c, "354 ");
    client_says_line(&c, "half a message\r\n");
    peer_close(&c.tcp);
    UNTIL(store.aborted == 1);
    assert_int_equal(store.committed, 0);
    SSL_free(c.ssl);
}

/* The FIN comes with the last command, and no close_notify: what was said whole
 * is answered all the same. */
static void test_quit_and_fin(void **state)
{
    struct client c;

    (void)state;
    client_greeted(&c);
    client_says_line(&c, "RSET\r\nQUIT\r\n");
    assert_int_equal(tcp_shutdown(c.tcp.pcb, 0, 1), ERR_OK);
    client_hears(&c, "\r\n221 ");
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    client_close(&c);
}

/* --- slots -------------------------------------------------------------- */

/* One slot: the others wait for it, first come, first served, with the 220
 * withheld; whoever speaks while waiting has broken the protocol. */
static void test_waiting(void **state)
{
    struct client first, second, third;

    (void)state;
    client_in_tls(&first);
    client_asks_tls(&second);
    for (int i = 0; i < 100; i++) {
        turn();
    }
    client_asks_tls(&third);
    for (int i = 0; i < 100; i++) {
        turn();
    }
    assert_int_equal(server.stats.tls_waits, 2);
    assert_int_equal(second.tcp.fill + third.tcp.fill, 0);
    client_says_line(&first, "QUIT\r\n");
    CLIENT_UNTIL(&first, first.notified);
    client_close(&first);
    SAYS(&second.tcp, "220 2.0.0 ");
    assert_int_equal(third.tcp.fill, 0);
    peer_abort(&second.tcp);
    SAYS(&third.tcp, "220 2.0.0 ");
    client_secure(&third);
    CLIENT_UNTIL(&third, SSL_is_init_finished(third.ssl));
    client_close(&third);
}

/* The wait is not for ever, and it never ends in 454. */
static void test_waiting_too_long(void **state)
{
    struct client first, second;
    uint32_t began;

    (void)state;
    client_in_tls(&first);
    client_says_line(&first, "EHLO secret.example\r\n");
    began = test_now_ms;
    client_asks_tls(&second);
    SAYS(&second.tcp, "421 4.3.2 ");
    UNTIL(second.tcp.eof);
    assert_in_range((test_now_ms - began) / 1000, MX_TLS_WAIT_S,
                    MX_TLS_WAIT_S + 2);
    peer_close(&second.tcp);
    client_close(&first);
    expected_timeouts = 1;
}

/* A slot is free and the arena has no room for what it takes: the same wait, the
 * same end; and who still waits when there is room again gets its turn. */
static void test_no_room_in_the_arena(void **state)
{
    struct mx_arena_stats now;
    struct client first, second;
    void *all;

    (void)state;
    mx_tls_arena_stats(&now);
    all = mx_arena_calloc(1, now.largest - 8000);
    client_asks_tls(&first);
    UNTIL(server.stats.tls_waits == 1);
    for (uint32_t began = test_now_ms;
         test_now_ms - began < MX_TLS_WAIT_S * 500;) {
        turn();
    }
    client_asks_tls(&second);
    SAYS(&first.tcp, "421 4.3.2 mx.example.test Too busy");
    UNTIL(first.tcp.eof);
    peer_close(&first.tcp);
    assert_int_equal(second.tcp.fill, 0);
    assert_int_equal(server.stats.tls_sessions, 0);
    mx_arena_free(all);
    SAYS(&second.tcp, "220 2.0.0 ");
    client_secure(&second);
    CLIENT_UNTIL(&second, SSL_is_init_finished(second.ssl));
    client_close(&second);
    expected_timeouts = 1;
}

/* Room to start and none to go on: that handshake fails, at once, and the slot
 * is good for the next. */
static void test_no_room_in_the_handshake(void **state)
{
    struct mx_arena_stats now;
    struct client c;
    void *all;

    (void)state;
    client_asks_tls(&c);
    SAYS(&c.tcp, "220 2.0.0 ");
    mx_tls_arena_stats(&now);
    all = mx_arena_calloc(1, now.largest - 1000);
    client_secure(&c);
    CLIENT_UNTIL(&c, c.tcp.eof);
    client_close(&c);
    UNTIL(server.stats.sessions == 0);
    assert_int_equal(server.stats.handshakes_failed, 1);
    mx_arena_free(all);
    client_in_tls(&c);
    client_close(&c);
}

static void test_speaking_while_waiting(void **state)
{
    struct client first, second;

    (void)state;
    client_in_tls(&first);
    client_asks_tls(&second);
    UNTIL(server.stats.tls_waits == 1);
    peer_say(&second.tcp, "NOOP\r\n");
    SAYS(&second.tcp, "554 5.5.0 ");
    UNTIL(second.tcp.eof);
    peer_close(&second.tcp);
    client_close(&first);
    assert_int_equal(server.stats.breaches, 1);
}

/* A peer that leaves while it waits makes room in the queue. */
static void test_leaving_while_waiting(void **state)
{
    struct client first, second, third;

    (void)state;
    client_in_tls(&first);
    client_asks_tls(&second);
    UNTIL(server.stats.tls_waits == 1);
    client_asks_tls(&third);
    UNTIL(server.stats.tls_waits == 2);
    peer_close(&second.tcp);
    UNTIL(server.stats.sessions == 2);
    client_close(&first);
    SAYS(&third.tcp, "220 2.0.0 ");
    client_close(&third);
}

/* A slot comes free in the very poll in which a newcomer asks for one: whoever
 * has been waiting gets it. */
static void test_no_overtaking(void **state)
{
    struct client first, newcomer, waiter;

    (void)state;
    client_in_tls(&first);
    client_open(&newcomer);
    SAYS(&newcomer.tcp, "220 ");
    peer_say(&newcomer.tcp, "EHLO clear.example\r\n");
    SAYS(&newcomer.tcp, "250 ");
    newcomer.tcp.fill = 0;
    client_asks_tls(&waiter);
    UNTIL(server.stats.tls_waits == 1);
    client_says_line(&first, "QUIT\r\n");
    peer_say(&newcomer.tcp, "STARTTLS\r\n");
    SAYS(&waiter.tcp, "220 2.0.0 ");
    assert_int_equal(server.stats.tls_waits, 2);
    assert_int_equal(newcomer.tcp.fill, 0);
    CLIENT_UNTIL(&first, first.notified);
    client_close(&first);
    client_close(&waiter);
    SAYS(&newcomer.tcp, "220 2.0.0 ");
    client_close(&newcomer);
}

/* A peer gets so many handshakes in a minute, and then 421, never 454, which
 * would have it go on in clear. One that waits for its slot is one. */
static void test_handshake_rate(void **state)
{
    struct client first, second, third;

    (void)state;
    client_in_tls(&first);
    client_asks_tls(&second);
    for (int i = 0; i < 100; i++) {
        turn();
    }
    assert_int_equal(second.tcp.fill, 0);
    client_close(&first);
    SAYS(&second.tcp, "220 2.0.0 ");
    client_asks_tls(&third);
    SAYS(&third.tcp, "421 4.7.0 ");
    UNTIL(third.tcp.eof);
    client_close(&third);
    client_close(&second);
    assert_int_equal(server.stats.handshakes_refused, 1);
}

/* With TLS from the first byte there is nothing to be told. */
static void test_handshake_rate_implicit(void **state)
{
    struct client c;

    (void)state;
    for (int i = 0; i < 2; i++) {
        client_open(&c);
        client_secure(&c);
        client_hears(&c, "220 ");
        client_close(&c);
    }
    client_open(&c);
    UNTIL(c.tcp.eof);
    assert_int_equal(c.tcp.fill, 0);
    client_close(&c);
    assert_int_equal(server.stats.handshakes_refused, 1);
}

static void wait_for_eviction(void)
{
    uint32_t began = test_now_ms;

    UNTIL(test_now_ms - began > MX_EVICT_S * 1000);
}

/* Who is in a handshake or waits for one is not idle. */
static void test_nobody_is_idle(void **state)
{
    struct client shaking[2], waiting, late;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        client_asks_tls(&shaking[i]);
        SAYS(&shaking[i].tcp, "220 2.0.0 ");
    }
    client_asks_tls(&waiting);
    wait_for_eviction();
    client_open(&late);
    SAYS(&late.tcp, "421 4.3.2 Too many connections");
    client_close(&late);
    client_close(&waiting);
    client_close(&shaking[0]);
    client_close(&shaking[1]);
    assert_int_equal(server.stats.evicted, 0);
}

/* Who is idle inside TLS is told so there, and its TLS slot goes to whoever
 * waits. */
static void test_eviction(void **state)
{
    struct client idle, shaking, waiting, late;

    (void)state;
    client_in_tls(&idle);
    client_says_line(&idle, "EHLO secret.example\r\n");
    client_hears(&idle, "250 ENHANCED");
    client_asks_tls(&shaking);
    SAYS(&shaking.tcp, "220 2.0.0 ");
    client_asks_tls(&waiting);
    wait_for_eviction();
    assert_int_equal(waiting.tcp.fill, 0);
    client_open(&late);
    SAYS(&late.tcp, "220 ");
    client_hears(&idle, "421 4.3.2 mx.example.test Idle");
    CLIENT_UNTIL(&idle, idle.notified && idle.tcp.eof);
    client_close(&idle);
    SAYS(&waiting.tcp, "220 2.0.0 ");
    assert_int_equal(server.stats.evicted, 1);
    client_close(&late);
    client_close(&shaking);
    client_close(&waiting);
}

/* --- ends --------------------------------------------------------------- */

static void test_handshake_timeout(void **state)
{
    struct client c;
    uint32_t began;

    (void)state;
    client_asks_tls(&c);
    SAYS(&c.tcp, "220 2.0.0 ");
    began = test_now_ms;
    UNTIL(c.tcp.reset);
    assert_in_range((test_now_ms - began) / 1000, MX_HANDSHAKE_S - 1,
                    MX_HANDSHAKE_S + 2);
    expected_timeouts = 1;
    UNTIL(server.stats.handshakes_failed == 1);
}

/* Resets after every so many turns: nothing is ever left behind. */
static void test_reset_anywhere(void **state)
{
    (void)state;
    for (int turns = 1; turns < 60; turns++) {
        struct client c;

        client_asks_tls(&c);
        SAYS(&c.tcp, "220 2.0.0 ");
        client_secure(&c);
        for (int i = 0; i < turns; i++) {
            client_turn(&c);
            if (i == turns / 2 && SSL_is_init_finished(c.ssl)) {
                client_says_line(&c, "EHLO secret.example\r\n");
            }
            if (i == turns * 3 / 4 && strstr(c.text, "\r\n250 ") != NULL) {
                client_says_line(&c, ENVELOPE);
            }
        }
        if (c.tcp.pcb != NULL) {
            peer_abort(&c.tcp);
        }
        SSL_free(c.ssl);
        UNTIL(server.stats.sessions == 0);
        assert_int_equal(server.stats.tls_sessions, 0);
        assert_int_equal(store.opened, store.committed + store.aborted);
    }
    assert_true(server.stats.handshakes > 0);
    assert_true(store.aborted > 0);
}

static void test_stop(void **state)
{
    struct client c, shaking;

    (void)state;
    client_greeted(&c);
    client_says_line(&c, ENVELOPE);
    client_hears(&c, "354 ");
    client_asks_tls(&shaking);
    SAYS(&shaking.tcp, "220 2.0.0 ");
    mx_server_stop(&server);
    client_hears(&c, "421 4.3.2 ");
    CLIENT_UNTIL(&c, c.notified);
    client_close(&c);
    UNTIL(shaking.tcp.eof || shaking.tcp.reset);
    client_close(&shaking);
    assert_int_equal(store.aborted, 1);
}

/* --- the machine -------------------------------------------------------- */

static int start(void **state)
{
    struct mx_server_config cfg = {.peer_handshakes = 0xffff};

    (void)state;
    return stage_start_tls(&cfg);
}

static int start_one_slot(void **state)
{
    struct mx_server_config cfg = {.tls_sessions = 1};

    (void)state;
    return stage_start_tls(&cfg);
}

static int start_two_handshakes(void **state)
{
    struct mx_server_config cfg = {.tls_sessions = 1, .peer_handshakes = 2};

    (void)state;
    return stage_start_tls(&cfg);
}

static int start_three_sessions(void **state)
{
    struct mx_server_config cfg = {.sessions = 3, .tls_sessions = 2};

    (void)state;
    return stage_start_tls(&cfg);
}

static int start_two_implicit(void **state)
{
    struct mx_server_config cfg = {
        .port = 2525, .tls_port = 25, .peer_handshakes = 2};

    (void)state;
    return stage_start_tls(&cfg);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stage_stop_tls)
#define ONE_SLOT(f)                                                            \
    cmocka_unit_test_setup_teardown(f, start_one_slot, stage_stop_tls)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_mail),
        TEST(test_state_is_gone),
        TEST(test_injection),
        TEST(test_garbage_handshake),
        TEST(test_early),
        TEST(test_not_early),
        TEST(test_tiny_records),
        TEST(test_slow_sink),
        TEST(test_truncation),
        TEST(test_quit_and_fin),
        ONE_SLOT(test_waiting),
        ONE_SLOT(test_waiting_too_long),
        TEST(test_no_room_in_the_arena),
        TEST(test_no_room_in_the_handshake),
        ONE_SLOT(test_speaking_while_waiting),
        ONE_SLOT(test_leaving_while_waiting),
        ONE_SLOT(test_no_overtaking),
        cmocka_unit_test_setup_teardown(test_handshake_rate,
                                        start_two_handshakes, stage_stop_tls),
        cmocka_unit_test_setup_teardown(test_handshake_rate_implicit,
                                        start_two_implicit, stage_stop_tls),
        cmocka_unit_test_setup_teardown(test_nobody_is_idle,
                                        start_three_sessions, stage_stop_tls),
        cmocka_unit_test_setup_teardown(test_eviction, start_three_sessions,
                                        stage_stop_tls),
        TEST(test_handshake_timeout),
        TEST(test_reset_anywhere),
        TEST(test_stop),
    };

    return cmocka_run_group_tests(tests, stage_open_tls, stage_close_tls);
}
