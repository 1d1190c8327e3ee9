/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who becomes a session, and who has to go for it: limits by peer, over a real lwIP with peers of several
 * addresses.
 */
#include "stage.h"

#include <string.h>

static int start(struct mx_server_config *cfg)
{
    cfg->mx_name = stage_defaults.mx_name;
    cfg->sink = stage_defaults.sink;
    cfg->policy = stage_defaults.policy;
    return stage_start_with(cfg);
}

static void greets(struct peer *peer, const char *address)
{
    peer_connect_as(peer, address);
    SAYS(peer, "220 ");
}

static void refuses(struct peer *peer, const char *address, const char *reply)
{
    peer_connect_as(peer, address);
    UNTIL(peer->eof);
    assert_string_equal(peer->in, reply);
    peer_close(peer);
}

static void quits(struct peer *peer)
{
    peer_tell(peer, "QUIT\r\n");
    UNTIL(peer->eof);
    peer_close(peer);
}

/* --- sessions of one peer ----------------------------------------------- */

#define OF_YOU "421 4.7.0 Too many connections from you\r\n"

static int start_two_each(void **state)
{
    struct mx_server_config cfg = {.peer_sessions = 2};

    (void)state;
    return start(&cfg);
}

/* Two of a /64 or of an address; who is told no keeps nobody else out. */
static void test_peer_sessions(void **state)
{
    static const struct {
        const char *first, *second; /* one peer */
        const char *third;          /* another */
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", "198.51.100.1"},
        {"198.51.100.1", "198.51.100.1", "2001:db8:f::1"},
        {"2001:db8:f::1", "2001:db8:f::2", "2001:db8:f:1::1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct peer one, two, three, late;

        greets(&one, cases[i].first);
        greets(&two, cases[i].second);
        refuses(&late, cases[i].first, OF_YOU);
        refuses(&late, cases[i].second, OF_YOU);
        assert_non_null(strstr(test_log_line, "event=refused why=peer peer="));
        assert_non_null(strstr(test_log_line, cases[i].second));
        greets(&three, cases[i].third);
        assert_int_equal(server.stats.refused_peer, 2 * (i + 1));
        quits(&one);
        greets(&one, cases[i].second);
        quits(&one);
        quits(&two);
        quits(&three);
    }
    assert_int_equal(server.stats.refused, 0);
}

/* A sender that was told 221 and is slow to close may come again. */
static void test_leaving_does_not_count(void **state)
{
    struct peer one, two, three;

    (void)state;
    greets(&one, "192.0.2.1");
    greets(&two, "192.0.2.1");
    peer_tell(&one, "QUIT\r\n");
    UNTIL(one.eof);
    assert_int_equal(server.stats.sessions, 2);
    greets(&three, "192.0.2.1");
    peer_close(&one);
    quits(&two);
    quits(&three);
}

static int start_unlimited(void **state)
{
    struct mx_server_config cfg = {.peer_sessions = 0xffff};

    (void)state;
    return start(&cfg);
}

static void test_no_limit(void **state)
{
    enum { COUNT = MX_PEER_SESSIONS + 2 };
    struct peer p[COUNT];

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        greets(&p[i], "192.0.2.1");
    }
    for (size_t i = 0; i < COUNT; i++) {
        quits(&p[i]);
    }
    assert_int_equal(server.stats.refused_peer, 0);
}

/* --- how often a peer comes --------------------------------------------- */

#define OFTEN "421 4.7.0 You connect too often\r\n"

static int start_twice_a_minute(void **state)
{
    struct mx_server_config cfg = {.peer_connects = 2};

    (void)state;
    return start(&cfg);
}

/* The third of a minute is told so, also when it was told so before; others
 * are not; and in the next minute all is forgotten. */
static void test_peer_connects(void **state)
{
    uint32_t began = test_now_ms;
    struct peer p;

    (void)state;
    for (int minute = 0; minute < 2; minute++) {
        for (int i = 0; i < 2; i++) {
            greets(&p, "192.0.2.1");
            quits(&p);
        }
        refuses(&p, "192.0.2.1", OFTEN);
        refuses(&p, "192.0.2.1", OFTEN);
        greets(&p, "198.51.100.1");
        quits(&p);
        UNTIL(test_now_ms - began >= 60000);
    }
    assert_int_equal(server.stats.refused_rate, 4);
    assert_int_equal(server.stats.connections, 6);
}

/* --- eviction ----------------------------------------------------------- */

#define FULL "421 4.3.2 Too many connections, try later\r\n"
#define IDLE "421 4.3.2 mx.example.test Idle, and others are waiting\r\n"

static int start_three(void **state)
{
    struct mx_server_config cfg = {.sessions = 3, .peer_sessions = 0xffff};

    (void)state;
    return start(&cfg);
}

static void wait_s(uint32_t seconds)
{
    uint32_t began = test_now_ms;

    UNTIL(test_now_ms - began >= seconds * 1000);
}

static void says(struct peer *peer, const char *text, const char *reply)
{
    peer_tell(peer, text);
    SAYS(peer, reply);
}

static void goes(struct peer *peer)
{
    SAYS(peer, IDLE);
    UNTIL(peer->eof);
    peer_close(peer);
}

/* The one that is idle for longest has to go, then the next; who said something
 * a moment ago stays. */
static void test_eviction(void **state)
{
    struct peer p[3], late;

    (void)state;
    greets(&p[0], "192.0.2.1");
    greets(&p[1], "192.0.2.1");
    greets(&p[2], "192.0.2.1");
    wait_s(2);
    says(&p[0], "EHLO client.example\r\n", "250 ENHANCED");
    wait_s(2);
    says(&p[2], "NOOP\r\n", "250 2.0.0 ");
    wait_s(MX_EVICT_S - 3);
    greets(&late, "198.51.100.1"); /* p[1] is silent for the whole time */
    goes(&p[1]);
    assert_int_equal(server.stats.evicted, 1);
    refuses(&p[1], "192.0.2.1", FULL);
    wait_s(2);
    greets(&p[1], "192.0.2.1");
    goes(&p[0]);
    assert_int_equal(server.stats.evicted, 2);
    assert_int_equal(server.stats.refused, 1);
    quits(&p[1]);
    quits(&p[2]);
    quits(&late);
}

/* Nobody is idle in a transaction, or in what is left of a message. */
static void test_nobody_is_idle(void **state)
{
    struct peer p[3];
    struct peer late;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        greets(&p[i], "192.0.2.1");
    }
    says(&p[0], "EHLO c.example\r\nMAIL FROM:<>\r\n", "250 2.1.0 ");
    says(&p[1],
         "EHLO c.example\r\nMAIL FROM:<>\r\n"
         "RCPT TO:<joe@example.test>\r\nDATA\r\n",
         "354 ");
    peer_tell(&p[1], "a bare \n line feed\r\n"); /* refused, at its end */
    says(&p[2], "EHLO c.example\r\n", "250 ENHANCED");
    peer_tell(&p[2], "BDAT 100\r\nnobody asked for"); /* 503, at its end */
    wait_s(3 * MX_EVICT_S);
    refuses(&late, "198.51.100.1", FULL);
    says(&p[0], "RSET\r\n", "250 2.0.0 ");
    refuses(&late, "198.51.100.1", FULL);
    wait_s(MX_EVICT_S);
    greets(&late, "198.51.100.1");
    goes(&p[0]);
    quits(&late);
    peer_abort(&p[1]);
    peer_abort(&p[2]);
}

/* Who was told 221 and does not close keeps nobody out, and still has some
 * seconds to read it. */
static void test_leaving_goes_first(void **state)
{
    struct peer idle, p[2], late;

    (void)state;
    greets(&idle, "192.0.2.1");
    wait_s(2 * MX_EVICT_S);
    for (size_t i = 0; i < 2; i++) {
        greets(&p[i], "192.0.2.1");
        peer_tell(&p[i], "QUIT\r\n");
        UNTIL(p[i].eof);
    }
    greets(&late, "198.51.100.1");
    assert_false(p[0].reset || p[1].reset);
    quits(&late);
    greets(&late, "198.51.100.1");
    UNTIL(p[0].reset && p[1].reset);
    assert_int_equal(server.stats.evicted, 0);
    quits(&late);
    quits(&idle);
    expected_timeouts = 1; /* one of the two lingered, the other went */
}

/* Delivers until nothing is on the wire; the server is not polled. */
static void frames_only(void)
{
    for (int i = 0; i < 10; i++) {
        deliver();
    }
}

static void three_idle(struct peer *p)
{
    for (size_t i = 0; i < 3; i++) {
        greets(&p[i], "192.0.2.1");
    }
    wait_s(MX_EVICT_S);
}

/* Newcomers that all come before the next poll: a place for each, and a word
 * for the one for whom there is none. */
static void test_many_at_once(void **state)
{
    struct peer p[3], late[4];

    (void)state;
    three_idle(p);
    for (size_t i = 0; i < 4; i++) {
        peer_connect_as(&late[i], "198.51.100.1");
    }
    frames_only();
    assert_int_equal(server.stats.connections, 3);
    UNTIL(late[0].fill && late[1].fill && late[2].fill && late[3].fill);
    for (size_t i = 0; i < 4; i++) {
        bool refused = strcmp(late[i].in, FULL) == 0;

        assert_true(refused || strstr(late[i].in, "220 ") != NULL);
        peer_close(&late[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        goes(&p[i]);
    }
    assert_int_equal(server.stats.refused, 1);
    assert_int_equal(server.stats.evicted, 3);
}

/* Nor do those of one peer get more than their share so. */
static void test_many_of_one(void **state)
{
    struct peer p[3], late[3];

    (void)state;
    three_idle(p);
    for (size_t i = 0; i < 3; i++) {
        peer_connect_as(&late[i], "198.51.100.1");
    }
    server.cfg.peer_sessions = 2;
    UNTIL(late[0].fill && late[1].fill && late[2].fill);
    assert_int_equal(server.stats.refused_peer, 1);
    assert_int_equal(server.stats.evicted, 2);
    for (size_t i = 0; i < 3; i++) {
        peer_close(&late[i]);
        peer_abort(&p[i]);
    }
}

/* Between its SYN and the poll a newcomer talks, closes, resets, or the server
 * stops: what it said is looked at, and nothing is left of the others. */
static void test_before_the_poll(void **state)
{
    struct peer p[3], talks, closes, resets;

    (void)state;
    three_idle(p);
    peer_connect_as(&talks, "198.51.100.1");
    peer_connect_as(&closes, "198.51.100.1");
    peer_connect_as(&resets, "198.51.100.1");
    frames_only();
    peer_say(&talks, "EHLO early.example\r\nQUIT\r\n");
    peer_close(&closes);
    peer_abort(&resets);
    frames_only();
    UNTIL(talks.eof);
    assert_non_null(strstr(talks.in, "554 5.5.0 ")); /* QUIT behind EHLO */
    peer_close(&talks);
    assert_int_equal(server.stats.evicted, 1);
    assert_int_equal(server.stats.refused, 0);
    goes(&p[0]);
    quits(&p[1]);
    quits(&p[2]);
}

static void test_stop_before_the_poll(void **state)
{
    struct peer p[3], late;

    (void)state;
    three_idle(p);
    peer_connect_as(&late, "198.51.100.1");
    frames_only();
    assert_true(late.connected);
    mx_server_stop(&server);
    UNTIL(late.reset);
    for (size_t i = 0; i < 3; i++) {
        SAYS(&p[i], "421 4.3.2 ");
        UNTIL(p[i].eof);
        peer_close(&p[i]);
    }
}

static int start_never(void **state)
{
    struct mx_server_config cfg = {
        .sessions = 3, .peer_sessions = 0xffff, .evict_s = 0xffff};

    (void)state;
    return start(&cfg);
}

static void test_never(void **state)
{
    struct peer p[3], late;

    (void)state;
    three_idle(p);
    wait_s(30);
    refuses(&late, "198.51.100.1", FULL);
    for (size_t i = 0; i < 3; i++) {
        quits(&p[i]);
    }
}

#define TEST(f, start) cmocka_unit_test_setup_teardown(f, start, stage_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_peer_sessions, start_two_each),
        TEST(test_leaving_does_not_count, start_two_each),
        TEST(test_no_limit, start_unlimited),
        TEST(test_peer_connects, start_twice_a_minute),
        TEST(test_eviction, start_three),
        TEST(test_nobody_is_idle, start_three),
        TEST(test_leaving_goes_first, start_three),
        TEST(test_many_at_once, start_three),
        TEST(test_many_of_one, start_three),
        TEST(test_before_the_poll, start_three),
        TEST(test_stop_before_the_poll, start_three),
        TEST(test_never, start_never),
    };

    return cmocka_run_group_tests(tests, stage_open, NULL);
}
