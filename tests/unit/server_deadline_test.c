/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Deadlines, over a real lwIP with a clock that the test moves: hours of a peer
 * that says nothing, little, or all too much.
 */
#include "stage.h"

#include <string.h>

#define LINE 64

#define HELLO "EHLO client.example\r\n"
#define ENVELOPE                                                               \
    HELLO "MAIL FROM:<a@b.example>\r\nRCPT TO:<joe@example.test>\r\nDATA\r\n"

/* Lines, from anywhere in them. */
static char text[64 * LINE];
#define LONGEST (sizeof text - LINE)

static uint32_t began_ms;

static uint32_t gone_s(void)
{
    return (test_now_ms - began_ms) / 1000;
}

/* Until so late, or until the peer is told that it is over. */
static void until_s(const struct peer *p, uint32_t seconds)
{
    UNTIL(p->eof || gone_s() >= seconds);
}

static void greets(struct peer *peer)
{
    peer_connect(peer);
    SAYS(peer, "220 ");
    began_ms = test_now_ms;
}

static void ends(struct peer *peer, const char *reply, uint32_t seconds)
{
    SAYS(peer, reply);
    UNTIL(peer->eof);
    peer_close(peer);
    assert_in_range(gone_s(), seconds, seconds + 2);
}

/* --- silence ------------------------------------------------------------ */

/* What a peer says at once, and how long it may be silent then. */
static void test_silence(void **state)
{
    static const struct {
        const char *says, *hears;
        uint32_t seconds;
    } cases[] = {
        {"", "", MX_FIRST_S},
        {"EHLO client.exam", "", MX_FIRST_S},
        {"NOOP\r\n", "250 2.0.0 ", MX_FIRST_S},
        {HELLO, "250 ENHANCED", MX_COMMAND_S},
        {"HELO client.example\r\n", "250 mx", MX_COMMAND_S},
        {HELLO "MAIL FROM:<>\r\nRCPT ", "250 2.1.0 ", MX_COMMAND_S},
        {ENVELOPE, "354 ", MX_DATA_S},
        {ENVELOPE "half a li", "354 ", MX_DATA_S},
        {HELLO "MAIL FROM:<>\r\nRCPT TO:<joe@example.test>\r\nBDAT 9\r\nhalf",
         "250 2.1.5 ", MX_DATA_S},
    };
    const size_t count = sizeof cases / sizeof *cases;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct peer p;

        greets(&p);
        peer_tell(&p, cases[i].says);
        SAYS(&p, cases[i].hears);
        ends(&p, "421 4.4.2 mx.example.test Timeout, closing\r\n",
             cases[i].seconds);
    }
    assert_int_equal(store.committed, 0);
    assert_int_equal(store.opened, store.aborted);
    expected_timeouts = count;
}

/* A device with little patience has no more of it for the first command. */
static void test_first_command(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    ends(&p, "421 4.4.2 ", 7);
    expected_timeouts = 1;
}

static int open_stage(void **state)
{
    memset(text, 'x', sizeof text);
    for (size_t i = LINE; i <= sizeof text; i += LINE) {
        memcpy(text + i - 2, "\r\n", 2);
    }
    return stage_open(state);
}

static int start_hasty(void **state)
{
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    cfg.command_s = 7;
    return stage_start_with(&cfg);
}

/* The cable is pulled inside DATA: the deadline frees everything. */
static void test_cable(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_tell(&p, ENVELOPE);
    SAYS(&p, "354 ");
    wire_cut = true;
    UNTIL(server.stats.sessions == 0);
    assert_int_equal(store.aborted, 1);
    expected_timeouts = 2; /* 421, and then nobody came */
    wire_cut = false;
    peer_abort(&p);
}

/* --- the greeting ------------------------------------------------------- */

static int start_reserved(void **state)
{
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    cfg.greet_s = 6;
    return stage_start_with(&cfg);
}

static void connects(struct peer *p)
{
    peer_connect(p);
    UNTIL(p->connected);
    began_ms = test_now_ms;
}

/* It comes when the time is over, or the peer does not wait, and what it said
 * is not lost; then the first command has its time. */
static void test_greeting(void **state)
{
    struct peer p;

    (void)state;
    connects(&p);
    UNTIL(p.fill > 0);
    assert_in_range(gone_s(), 6, 7);
    assert_string_equal(p.in, "220 mx.example.test ESMTP tinymx\r\n");
    began_ms = test_now_ms;
    ends(&p, "421 4.4.2 ", MX_FIRST_S);
    expected_timeouts = 1;

    connects(&p);
    until_s(&p, 3);
    assert_int_equal(p.fill, 0);
    peer_tell(&p, "HELO early.example\r\n");
    UNTIL(p.eof || strstr(p.in, "220 ") != NULL);
    assert_in_range(gone_s(), 3, 4);
    peer_close(&p);
}

/* Nobody is left of those who do not wait to the end. */
static void test_gone_before_the_greeting(void **state)
{
    struct peer p;

    (void)state;
    connects(&p);
    UNTIL(server.stats.sessions == 1);
    peer_close(&p);
    UNTIL(server.stats.sessions == 0);
    assert_in_range(gone_s(), 0, 3);
    connects(&p);
    UNTIL(server.stats.sessions == 1);
    peer_abort(&p);
    UNTIL(server.stats.sessions == 0);
    assert_in_range(gone_s(), 0, 3);
}

static void test_stop_before_the_greeting(void **state)
{
    struct peer p;

    (void)state;
    connects(&p);
    until_s(&p, 2);
    mx_server_stop(&server);
    UNTIL(p.eof);
    assert_string_equal(p.in, "421 4.3.2 mx.example.test Shutting down\r\n");
    peer_close(&p);
}

/* --- the whole session -------------------------------------------------- */

/* Commands without end, each in time. */
static void test_session(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_tell(&p, HELLO);
    for (uint32_t s = 100; s < MX_SESSION_S; s += 100) {
        until_s(&p, s);
        peer_tell(&p, "NOOP\r\n");
    }
    ends(&p, "421 4.4.2 mx.example.test Session takes too long, closing\r\n",
         MX_SESSION_S);
    assert_int_equal(server.stats.too_long, 1);
    expected_timeouts = 1;
}

/* Sends at this rate from `from` to `to`, seconds from when it began, or until
 * it is told that it is over. */
static void sends(struct peer *p, uint32_t rate, uint32_t from, uint32_t to)
{
    size_t sent = 0;

    for (uint32_t s = from; s < to && !p->eof; s++) {
        size_t due = (size_t)(s + 1 - from) * rate;

        until_s(p, s);
        while (sent < due && !p->eof) {
            size_t n = due - sent < LONGEST ? due - sent : LONGEST;

            sent += peer_send(p, text + sent % LINE, n);
            turn();
        }
    }
}

/* A message without end, at a good rate. */
static void test_session_in_data(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_tell(&p, ENVELOPE);
    SAYS(&p, "354 ");
    store.discard = true;
    sends(&p, 2 * MX_MIN_RATE, 1, MX_SESSION_S + 10);
    assert_non_null(strstr(p.in, "421 4.4.2 mx.example.test Session takes"));
    peer_close(&p);
    assert_int_equal(store.aborted, 1);
    assert_int_equal(server.stats.too_long, 1);
    expected_timeouts = 1;
}

/* --- the rate of a message ---------------------------------------------- */

#define SLOW "421 4.4.2 mx.example.test Message comes too slowly, closing\r\n"

/* What comes before the octets that are counted: a message that is stored, one
 * that is refused already, and a chunk. */
_Static_assert((MX_MIN_RATE + LINE) * 999 == 563436, "as the chunks say");
static const char *const openings[] = {
    ENVELOPE,
    ENVELOPE "a bare \n line feed\r\n",
    HELLO "MAIL FROM:<>\r\nRCPT TO:<joe@example.test>\r\nBDAT 563436\r\n",
    HELLO "BDAT 563436\r\n",
};
#define OPENINGS (sizeof openings / sizeof *openings)

/* An octet now and then, each in time. */
static void test_drip(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPENINGS; i++) {
        struct peer p;

        greets(&p);
        peer_tell(&p, openings[i]);
        for (uint32_t s = 50; s < 2 * MX_DATA_S && !p.eof; s += 50) {
            peer_tell(&p, "x");
            until_s(&p, s);
        }
        SAYS(&p, SLOW);
        peer_close(&p);
        assert_in_range(gone_s(), MX_DATA_S, MX_DATA_S + 50);
    }
    assert_int_equal(store.opened, store.aborted);
    assert_int_equal(server.stats.too_slow, OPENINGS);
    expected_timeouts = OPENINGS;
}

/* A little less than what is asked for, for a long time; then a little more,
 * and whatever comes of the message in the end is what has to come. */
static void test_rate(void **state)
{
    static const char *const replies[OPENINGS] = {"250 2.0.0 ", "554 5.6.0 ",
                                                  "250 2.0.0 ", "503 5.5.1 "};
    struct peer p;

    (void)state;
    store.discard = true;
    for (size_t i = 0; i < OPENINGS; i++) {
        greets(&p);
        peer_tell(&p, openings[i]);
        sends(&p, MX_MIN_RATE - LINE, 1, 2 * MX_DATA_S);
        SAYS(&p, SLOW);
        peer_close(&p);
        UNTIL(server.stats.sessions == 0);

        greets(&p);
        peer_tell(&p, openings[i]);
        sends(&p, MX_MIN_RATE + LINE, 1, 1000);
        assert_false(p.eof);
        if (strstr(openings[i], "BDAT") == NULL) {
            peer_tell(&p, "\r\n.\r\n");
        }
        SAYS(&p, replies[i]);
        peer_close(&p);
        UNTIL(server.stats.sessions == 0);
    }
    assert_int_equal(server.stats.too_slow, OPENINGS);
    expected_timeouts = OPENINGS;
}

/* What a fast message has earned is not for the next one. */
static void test_rate_of_each(void **state)
{
    struct peer p;

    (void)state;
    store.discard = true;
    greets(&p);
    peer_tell(&p, ENVELOPE);
    sends(&p, 1000 * MX_MIN_RATE, 1, 3);
    peer_tell(&p, ".\r\n");
    SAYS(&p, "250 2.0.0 Message");
    began_ms = test_now_ms;
    peer_tell(&p, ENVELOPE);
    sends(&p, MX_MIN_RATE / 2, 1, 2 * MX_DATA_S);
    SAYS(&p, SLOW);
    peer_close(&p);
    expected_timeouts = 1;
}

/* A sink that cannot go on, again and again, for longer than the message takes
 * to come: nobody is slow for that. */
static void test_our_stalls(void **state)
{
    uint32_t now_s = 1;
    struct peer p;

    (void)state;
    store.discard = true;
    greets(&p);
    peer_tell(&p, ENVELOPE);
    for (int i = 0; i < 10; i++) {
        sends(&p, MX_MIN_RATE + LINE, now_s, now_s + 30);
        store.write_answer = MX_EAGAIN;
        peer_tell(&p, "x");
        now_s += 30 + MX_DATA_S - 10;
        until_s(&p, now_s);
        store.write_answer = 0;
    }
    peer_tell(&p, "\r\n.\r\n");
    SAYS(&p, "250 2.0.0 Message");
    peer_close(&p);
}

/* --- no limit ----------------------------------------------------------- */

static int start_patient(void **state)
{
    struct mx_server_config cfg = stage_defaults;

    (void)state;
    cfg.min_rate = 0xffff;
    cfg.session_s = 0xffff;
    return stage_start_with(&cfg);
}

/* A day of an octet every two minutes. */
static void test_no_limit(void **state)
{
    struct peer p;

    (void)state;
    greets(&p);
    peer_tell(&p, ENVELOPE);
    for (uint32_t s = 120; s < 24 * 3600; s += 120) {
        until_s(&p, s);
        peer_tell(&p, "x");
    }
    peer_tell(&p, "\r\n.\r\n");
    SAYS(&p, "250 2.0.0 Message");
    peer_close(&p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_start, stage_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_silence),
        cmocka_unit_test_setup_teardown(test_first_command, start_hasty,
                                        stage_stop),
        TEST(test_cable),
        cmocka_unit_test_setup_teardown(test_greeting, start_reserved,
                                        stage_stop),
        cmocka_unit_test_setup_teardown(test_gone_before_the_greeting,
                                        start_reserved, stage_stop),
        cmocka_unit_test_setup_teardown(test_stop_before_the_greeting,
                                        start_reserved, stage_stop),
        TEST(test_session),
        TEST(test_session_in_data),
        TEST(test_drip),
        TEST(test_rate),
        TEST(test_rate_of_each),
        TEST(test_our_stalls),
        cmocka_unit_test_setup_teardown(test_no_limit, start_patient,
                                        stage_stop),
    };

    return cmocka_run_group_tests(tests, open_stage, NULL);
}
