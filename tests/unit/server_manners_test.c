/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Peers without manners, on the stage of server_test: who speaks before the
 * greeting, or behind a command that has to be the last of its group; who asks
 * for people that are not here.
 */
#include "stage.h"

#include <string.h>

#define OPEN "MAIL FROM:<a@b.example>\r\nRCPT TO:<joe@example.test>\r\n"

static void greets(struct peer *peer)
{
    peer_connect(peer);
    SAYS(peer, "220 mx.example.test");
    peer_say(peer, "EHLO client.example\r\n");
    SAYS(peer, "250 ENHANCEDSTATUSCODES\r\n");
}

static void is_sent_away(struct peer *peer)
{
    SAYS(peer, "554 5.5.0 ");
    UNTIL(peer->eof);
    peer_close(peer);
}

static void test_before_the_greeting(void **state)
{
    struct peer p;

    (void)state;
    peer_connect(&p);
    deliver(); /* and the server is not asked yet */
    assert_true(p.connected);
    peer_say(&p, "EHLO client.example\r\n");
    deliver();
    is_sent_away(&p);
    assert_null(strstr(p.in, "220 "));
    assert_int_equal(server.stats.early, 1);
}

/* In one segment: the second command is never run. */
static void test_behind_the_last(void **state)
{
    static const char *const groups[] = {
        "EHLO c.example\r\n" OPEN, "HELO c.example\r\n" OPEN,
        "NOOP\r\n" OPEN,           "VRFY joe\r\n" OPEN,
        "HELP\r\n" OPEN,           "EXPN list\r\n" OPEN,
        "TURN\r\n" OPEN,           OPEN "DATA\r\nSubject: x\r\n",
        OPEN "DATA\r\n.\r\n",      OPEN "NOOP\r\nR",
        "QUIT\r\n" OPEN,           "EHLO c.example\r\n\r\n",
    };
    size_t count = sizeof groups / sizeof groups[0];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct peer p;

        greets(&p);
        p.fill = 0;
        peer_say(&p, groups[i]);
        is_sent_away(&p);
        assert_null(strstr(p.in, "354 "));
        assert_null(strstr(p.in, "221 "));
        UNTIL(server.stats.sessions == 0);
        assert_int_equal(store.opened, store.aborted);
    }
    assert_int_equal(server.stats.early, count);
    assert_int_equal(store.opened, 3);
}

/* Whole groups, one behind another as replies come, in one piece each. */
static void test_groups(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, "RSET\r\n" OPEN "RSET\r\n" OPEN "DATA\r\n");
    SAYS(&p, "354 ");
    peer_say(&p, "one\r\n.\r\n" OPEN "BDAT 5\r\none\r\nBDAT 3 LAST\r\none" OPEN
                 "DATA\r\n");
    UNTIL(strstr(strstr(p.in, "354 ") + 1, "354 ") != NULL);
    peer_say(&p, ".\r\nQUIT\r\n");
    SAYS(&p, "221 ");
    UNTIL(p.eof);
    peer_close(&p);
    assert_int_equal(server.stats.early, 0);
    assert_int_equal(store.committed, 3);
}

/* --- unknown recipients ------------------------------------------------- */

static struct mx_table table;

static int start_with_joe(void **state)
{
    static const char *const rcpts[] = {"joe@example.test", NULL};
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    mx_table_init(&table, NULL, rcpts);
    cfg.policy = &table.policy;
    cfg.max_unknown = 2;
    cfg.slow_s = 7;
    return stage_start_with(&cfg);
}

#define UNKNOWN "RCPT TO:<nobody@example.test>\r\n"

/* How many replies of 550 have come. */
static unsigned refusals(const struct peer *peer)
{
    unsigned count = 0;

    for (const char *at = peer->in; (at = strstr(at, "550 5.1.1 ")); at++) {
        count++;
    }
    return count;
}

/* Two at once, two that take seven seconds each, then 421. Meanwhile somebody
 * else gets mail through, and no time passes. */
static void test_harvest(void **state)
{
    struct peer p, other;
    uint32_t began;

    (void)state;
    greets(&p);
    peer_say(&p, "MAIL FROM:<>\r\n" UNKNOWN UNKNOWN UNKNOWN);
    UNTIL(refusals(&p) == 2);
    began = test_now_ms;
    greets(&other);
    peer_say(&other, OPEN "DATA\r\n");
    SAYS(&other, "354 ");
    peer_say(&other, "x\r\n.\r\nQUIT\r\n");
    UNTIL(other.eof);
    peer_close(&other);
    assert_int_equal(store.committed, 1);
    assert_in_range(test_now_ms - began, 0, 6999);
    assert_int_equal(refusals(&p), 2);
    UNTIL(refusals(&p) == 3);
    assert_in_range(test_now_ms - began, 7000, 7500);
    peer_say(&p, UNKNOWN);
    UNTIL(refusals(&p) == 4);
    assert_in_range(test_now_ms - began, 14000, 15000);
    peer_say(&p, UNKNOWN);
    SAYS(&p, "421 4.7.1 ");
    assert_in_range(test_now_ms - began, 14000, 15500);
    UNTIL(p.eof);
    peer_close(&p);
    assert_int_equal(store.aborted, 1);
}

/* Whoever leaves while it is held back leaves nothing behind. */
static void test_harvester_leaves(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_say(&p, "MAIL FROM:<>\r\n" UNKNOWN UNKNOWN UNKNOWN);
    UNTIL(refusals(&p) == 2);
    peer_abort(&p);
    UNTIL(server.stats.sessions == 0);
    greets(&p);
    peer_say(&p, "MAIL FROM:<>\r\n" UNKNOWN UNKNOWN UNKNOWN);
    UNTIL(refusals(&p) == 2);
    mx_server_stop(&server);
    SAYS(&p, "421 4.3.2 ");
    UNTIL(p.eof);
    peer_close(&p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, stage_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_before_the_greeting),
        TEST(test_behind_the_last),
        TEST(test_groups),
        cmocka_unit_test_setup_teardown(test_harvest, start_with_joe,
                                        stage_stop),
        cmocka_unit_test_setup_teardown(test_harvester_leaves, start_with_joe,
                                        stage_stop),
    };

    return cmocka_run_group_tests(tests, stage_open, NULL);
}
