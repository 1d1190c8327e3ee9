/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server over a real lwIP: flow control, every way a connection can end,
 * refusals.
 */
#include "stage.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define ENVELOPE                                                               \
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<joe@example.test>\r\nDATA\r\n"

static void greets(struct peer *peer)
{
    peer_connect(peer);
    SAYS(peer, "220 mx.example.test");
    peer_say(peer, "EHLO client.example\r\n");
    SAYS(peer, "250 ENHANCEDSTATUSCODES\r\n");
}

static void test_mail(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, ENVELOPE);
    SAYS(&p, "354 ");
    peer_say(&p, "Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n");
    UNTIL(p.eof);
    assert_non_null(strstr(p.in, "\r\n221 "));
    peer_close(&p);
    assert_int_equal(store.committed, 1);
    assert_int_equal(store.aborted, 0);
    assert_int_equal(strncmp(store.text, "Received: from client.example", 29),
                     0);
    assert_non_null(strstr(store.text, "\r\nSubject: x\r\n\r\nhello\r\n"));
    assert_int_equal(server.stats.accepted, 1);
}

/* The sink takes nothing: the peer can send a window and no more; then it
 * takes seven bytes at a time, and all arrives. */
static void test_backpressure(void **state)
{
    static char body[30000];
    struct peer p;
    size_t sent = 0;

    (void)state;
    memset(body, 'x', sizeof body);
    for (size_t i = 78; i < sizeof body; i += 80) {
        memcpy(body + i, "\r\n", 2);
    }
    greets(&p);
    peer_say(&p, ENVELOPE);
    SAYS(&p, "354 ");
    store.write_answer = MX_EAGAIN;
    for (int i = 0; i < 2000; i++) {
        sent += peer_send(&p, body + sent, sizeof body - sent);
        turn();
    }
    assert_int_equal(pool_used(MEMP_PBUF_POOL) - pool_before(MEMP_PBUF_POOL) <=
                         MX_TCP_WND / 536 + 8,
                     true);
    assert_true(sent < sizeof body);
    assert_true(sent <= MX_TCP_WND + MX_TCP_SND_BUF);
    store.write_answer = 0;
    store.most = 7;
    store.hiccups = true;
    while (sent < sizeof body) {
        sent += peer_send(&p, body + sent, sizeof body - sent);
        turn();
    }
    UNTIL(peer_send(&p, ".\r\nQUIT\r\n", 9) == 9);
    UNTIL(p.eof);
    peer_close(&p);
    assert_int_equal(store.committed, 1);
    assert_memory_equal(store.text + store.fill - sizeof body, body,
                        sizeof body);
}

/* A peer that sends commands and reads no reply: we stop taking commands, hold
 * what is held, and when it reads at last nothing is missing. */
static void test_closed_window(void **state)
{
    enum { COMMANDS = 8000 };
    size_t sent = 0;
    struct peer p;

    (void)state;
    greets(&p);
    p.hold = true;
    p.lines = 0;
    for (int i = 0; i < 1000; i++) {
        if (sent < COMMANDS && tcp_sndbuf(p.pcb) >= 6) {
            sent += peer_send(&p, "RSET\r\n", 6) / 6;
        } else {
            turn();
        }
    }
    while (tcp_sndbuf(p.pcb) >= 6) {
        sent += peer_send(&p, "RSET\r\n", 6) / 6;
    }
    for (int i = 0; i < 1000; i++) {
        turn();
    }
    assert_int_equal(p.held <= MX_TCP_WND, true);
    assert_true(p.lines < sent);
    while (sent < COMMANDS || p.lines < sent) {
        size_t most = p.held < 500 ? p.held : 500;

        tcp_recved(p.pcb, (u16_t)most);
        p.held -= most;
        if (sent < COMMANDS && tcp_sndbuf(p.pcb) >= 6) {
            sent += peer_send(&p, "RSET\r\n", 6) / 6;
        }
        turn();
    }
    assert_int_equal(p.lines, COMMANDS);
    peer_close(&p);
}

/* Commands and FIN in one go: all are answered before we close. */
static void test_half_close(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, "RSET\r\nMAIL FROM:<>\r\nVRFY joe\r\n");
    assert_int_equal(tcp_shutdown(p.pcb, 0, 1), ERR_OK);
    UNTIL(p.eof);
    assert_non_null(strstr(p.in, "\r\n252 "));
    peer_close(&p);
}

static void test_fin_in_data(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, ENVELOPE);
    SAYS(&p, "354 ");
    peer_say(&p, "half a li");
    peer_close(&p);
    UNTIL(store.aborted == 1);
    assert_int_equal(store.committed, 0);
}

/* A reset at every stage of a session. */
static void test_reset_anywhere(void **state)
{
    static const char script[] = ENVELOPE "line\r\n.\r\nQUIT\r\n";
    unsigned opened = 0;

    (void)state;
    for (size_t cut = 0; cut < sizeof script - 1; cut++) {
        struct peer p;

        greets(&p);
        assert_int_equal(peer_send(&p, script, cut), cut);
        for (size_t i = 0; i < cut % 7; i++) {
            turn();
        }
        if (p.pcb != NULL) {
            peer_abort(&p);
        }
        UNTIL(server.stats.sessions == 0);
        opened = store.opened;
        assert_int_equal(opened, store.committed + store.aborted);
    }
    assert_true(opened > 0);
    assert_true(store.aborted > 0);
}

/* A peer comes again from the port of its last connection, which is in
 * TIME_WAIT here: it gets in with its second SYN, not after two minutes. */
static void test_same_port_again(void **state)
{
    uint32_t began = 0;
    struct peer p;

    (void)state;
    for (int i = 0; i < 3; i++) {
        peer_connect_from(&p, 40001);
        SAYS(&p, "220 ");
        peer_say(&p, "QUIT\r\n");
        UNTIL(p.eof);
        if (i == 0) {
            began = test_now_ms;
        }
        peer_close(&p);
        UNTIL(server.stats.sessions == 0);
    }
    assert_in_range(test_now_ms - began, 0, 2 * 6000);
}

/* QUIT, and then a peer that never closes: it is cut off. */
static void test_linger(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, "QUIT\r\n");
    UNTIL(p.eof);
    UNTIL(server.stats.sessions == 0);
    UNTIL(p.reset);
    expected_timeouts = 1;
}

/* A pcb in TIME_WAIT is lwIP's to give to somebody else, and it tells nobody.
 * Ours gets there when the peer's FIN answers ours; before the server is even
 * polled, newcomers take every pcb there is. None of them may be hurt. */
static void test_time_wait_is_taken(void **state)
{
    struct tcp_pcb *taken[MEMP_NUM_TCP_PCB];
    size_t count = 0;
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, "QUIT\r\n");
    UNTIL(p.eof);
    peer_close(&p);
    for (int i = 0; i < 10 && tcp_tw_pcbs == NULL; i++) {
        deliver(); /* the peer's FIN, and the ACK to it, and nothing else */
    }
    assert_non_null(tcp_tw_pcbs);
    while (count < MEMP_NUM_TCP_PCB && (taken[count] = tcp_new()) != NULL) {
        assert_int_equal(tcp_bind(taken[count], IP_ANY_TYPE, 0), ERR_OK);
        count++;
    }
    UNTIL(server.stats.sessions == 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(taken[i]->local_port, 0);
        assert_int_equal(tcp_close(taken[i]), ERR_OK);
    }
    assert_null(tcp_bound_pcbs);
}

/* After our last reply a peer may send some, but not for ever. */
static void test_drain(void **state)
{
    static const char junk[1000];
    struct peer p;
    size_t sent = 0;

    (void)state;
    greets(&p);
    peer_say(&p, "QUIT\r\n");
    UNTIL(p.eof);
    while (!p.reset && sent < (1u << 20)) {
        sent += peer_send(&p, junk, sizeof junk);
        turn();
    }
    assert_true(p.reset);
    assert_in_range(sent, 64 * 1024, 128 * 1024);
}

/* A full house says so, for a while and then not even that. */
static void test_full_house(void **state)
{
    struct peer p[MX_SESSIONS];
    struct peer late;

    (void)state;
    for (size_t i = 0; i < MX_SESSIONS; i += 2) {
        greets(&p[i]); /* both ends are pcbs of this stack */
        if (server.stats.sessions == server.cfg.sessions) {
            break;
        }
    }
    assert_int_equal(server.stats.sessions, server.cfg.sessions);
    peer_connect(&late);
    SAYS(&late, "421 4.3.2 ");
    UNTIL(late.eof);
    peer_say(&late, "EHLO early.example\r\n");
    peer_close(&late);
    assert_int_equal(server.stats.refused, 1);
    for (int i = 0; i < 2 * MX_REFUSALS; i++) { /* again and again */
        peer_connect(&late);
        SAYS(&late, "421 4.3.2 ");
        peer_close(&late);
        turn();
    }

    peer_connect(&late); /* this one never closes */
    SAYS(&late, "421 4.3.2 ");
    UNTIL(late.reset);

    peer_say(&p[0], "QUIT\r\n");
    UNTIL(p[0].eof);
    peer_close(&p[0]);
    UNTIL(server.stats.sessions < server.cfg.sessions);
    greets(&late);
    peer_close(&late);
    for (size_t i = 2; i < 2 * (size_t)server.cfg.sessions; i += 2) {
        peer_close(&p[i]);
    }
}

static int start_small(void **state)
{
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    cfg.sessions = 3;
    cfg.evict_s = 0xffff;
    return stage_start_with(&cfg);
}

static int start_patient(void **state)
{
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    cfg.max_idle = 255;
    return stage_start_with(&cfg);
}

/* What the sink says is what the sender hears, and a message is ended once. */
static void test_sink_errors(void **state)
{
    static const struct {
        int *where;
        int err;
        const char *reply;
        unsigned aborted;
    } cases[] = {
        {&store.open_answer, MX_ENOSPC, "452 4.3.1 ", 0},
        {&store.open_answer, MX_EIO, "451 4.3.0 ", 0},
        {&store.open_answer, MX_EREFUSED, "550 5.7.1 ", 0},
        {&store.write_answer, MX_ENOSPC, "452 4.3.1 ", 1},
        {&store.write_answer, MX_EIO, "451 4.3.0 ", 1},
        {&store.commit_answer, MX_ENOSPC, "452 4.3.1 ", 0},
        {&store.commit_answer, MX_E2BIG, "552 5.3.4 ", 0},
        {&store.commit_answer, MX_EREFUSED, "554 5.7.1 ", 0},
        {&store.commit_answer, MX_ELATER, "451 4.3.0 ", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct peer p;

        store.aborted = 0;
        *cases[i].where = cases[i].err;
        greets(&p);
        peer_say(&p, ENVELOPE);
        for (int n = 0; n < 100; n++) {
            turn();
        }
        if (strstr(p.in, "\r\n354 ") != NULL) {
            peer_say(&p, "x\r\n.\r\n");
        }
        SAYS(&p, cases[i].reply);
        *cases[i].where = 0;
        peer_say(&p, "MAIL FROM:<>\r\nRSET\r\nQUIT\r\n");
        UNTIL(p.eof);
        peer_close(&p);
        assert_int_equal(store.committed, 0);
        assert_int_equal(store.aborted, cases[i].aborted + 1); /* RSET's */
    }
}

/* Stopping in the middle: the message is forgotten, the peer hears 421. */
static void test_stop(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, ENVELOPE);
    SAYS(&p, "354 ");
    peer_say(&p, "some\r\n");
    for (int i = 0; i < 20; i++) {
        turn();
    }
    mx_server_stop(&server);
    assert_int_equal(store.aborted, 1);
    assert_int_equal(server.stats.sessions, 0);
    SAYS(&p, "421 4.3.2 ");
    UNTIL(p.eof);
    peer_close(&p);
}

static void test_config(void **state)
{
    static struct mx_server other;
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    assert_int_equal(mx_server_init(&other, &cfg), MX_EEXIST); /* port 25 */
    cfg.mx_name = NULL;
    assert_int_equal(mx_server_init(&other, &cfg), MX_EINVAL);
    cfg = stage_defaults;
    cfg.sessions = MX_SESSIONS + 1;
    assert_int_equal(mx_server_init(&other, &cfg), MX_EINVAL);
    cfg = stage_defaults;
    cfg.require_tls = true;
    assert_int_equal(mx_server_init(&other, &cfg), MX_EINVAL);
    cfg = stage_defaults;
    cfg.max_unknown = 128;
    assert_int_equal(mx_server_init(&other, &cfg), MX_EINVAL);
    cfg = stage_defaults;
    cfg.tls_port = 465;
    assert_int_equal(mx_server_init(&other, &cfg), MX_EINVAL);
    assert_non_null(strstr(test_log_line, "needs an identity"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, stage_stop)

/* Seconds are counted over the wrap of the milliseconds, and no part of one is
 * lost however often it is polled. */
static void test_uptime(void **state)
{
    const uint32_t begin_ms = test_now_ms;

    (void)state;
    for (int i = 0; i < 700; i++) {
        test_now_ms += 10;
        mx_server_poll(&server);
    }
    assert_int_equal(mx_server_stats(&server)->uptime_s, 7);
    for (int i = 0; i < 4; i++) {
        test_now_ms += 2000000000;
        mx_server_poll(&server);
    }
    assert_int_equal(mx_server_stats(&server)->uptime_s, 8000007);
    test_now_ms = begin_ms; /* for lwIP nothing of this has been */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_mail),
        TEST(test_backpressure),
        cmocka_unit_test_setup_teardown(test_closed_window, start_patient,
                                        stage_stop),
        TEST(test_half_close),
        TEST(test_fin_in_data),
        TEST(test_reset_anywhere),
        TEST(test_same_port_again),
        TEST(test_linger),
        TEST(test_time_wait_is_taken),
        TEST(test_drain),
        cmocka_unit_test_setup_teardown(test_full_house, start_small,
                                        stage_stop),
        TEST(test_sink_errors),
        TEST(test_stop),
        TEST(test_config),
        TEST(test_uptime),
    };

    return cmocka_run_group_tests(tests, stage_open, NULL);
}
