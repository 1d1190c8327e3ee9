/* SPDX-License-Identifier: BSD-3-Clause */
/* Connections and handshakes of a peer in a minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "server/peers.h"
#include "test_port.h"

static struct mx_peers peers;

static bool comes(uint32_t who, enum peers_event event, uint16_t limit)
{
    const struct mx_prefix prefix = {{0x20010db8, who}};

    return peers_allow(&peers, &prefix, event, limit);
}

static unsigned comes_often(uint32_t who, unsigned times, uint16_t limit)
{
    unsigned allowed = 0;

    for (unsigned i = 0; i < times; i++) {
        allowed += comes(who, PEERS_CONNECTION, limit);
    }
    return allowed;
}

static int start(void **state)
{
    (void)state;
    test_now_ms = 0xffffe000; /* the clock wraps in the middle */
    peers = (struct mx_peers){.minute_ms = test_now_ms};
    return 0;
}

static void a_limit_of_its_own_for_each(void **state)
{
    (void)state;
    assert_int_equal(comes_often(1, 200, 120), 120);
    assert_int_equal(comes_often(2, 7, 120), 7);
    assert_false(comes(1, PEERS_CONNECTION, 120));
    for (int i = 0; i < 3; i++) {
        assert_true(comes(1, PEERS_HANDSHAKE, 3));
    }
    assert_false(comes(1, PEERS_HANDSHAKE, 3));
    assert_true(comes(2, PEERS_HANDSHAKE, 3));
}

static void the_half_of_a_prefix_is_none(void **state)
{
    const struct mx_prefix one = {{1, 2}}, other = {{2, 2}};

    (void)state;
    assert_true(peers_allow(&peers, &one, PEERS_CONNECTION, 1));
    assert_true(peers_allow(&peers, &other, PEERS_CONNECTION, 1));
    assert_false(peers_allow(&peers, &one, PEERS_CONNECTION, 1));
}

static void a_minute_ends(void **state)
{
    (void)state;
    assert_int_equal(comes_often(1, 20, 10), 10);
    test_now_ms += 59999;
    assert_false(comes(1, PEERS_CONNECTION, 10));
    test_now_ms += 1;
    assert_int_equal(comes_often(1, 20, 10), 10);
    test_now_ms += 59999;
    assert_false(comes(1, PEERS_CONNECTION, 10));
}

static void no_limit(void **state)
{
    (void)state;
    assert_int_equal(comes_often(1, 70000, 0xffff), 70000);
    assert_int_equal(comes_often(1, 70000, 0xfffe), 0xfffe);
}

/* More peers than rows: the one that floods is not forgotten for those that
 * come once, and they are let in. */
static void more_than_rows(void **state)
{
    (void)state;
    assert_int_equal(comes_often(1, 20, 10), 10);
    for (uint32_t who = 2; who < 2 + 50 * MX_PEERS; who++) {
        assert_true(comes(who, PEERS_CONNECTION, 10));
        assert_false(comes(1, PEERS_CONNECTION, 10));
    }
}

/* All rows are of peers that came often: the next is let in all the same, and
 * the one that came least is forgotten. */
static void rows_full_of_floods(void **state)
{
    (void)state;
    for (uint32_t who = 1; who <= MX_PEERS; who++) {
        assert_int_equal(comes_often(who, 5 + who, 100), 5 + who);
    }
    assert_true(comes(1000, PEERS_CONNECTION, 100));
    assert_int_equal(comes_often(2, 100, 100), 100 - 7);
    assert_int_equal(comes_often(1, 101, 100), 100);
}

#define TEST(f) cmocka_unit_test_setup(f, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_limit_of_its_own_for_each),
        TEST(the_half_of_a_prefix_is_none),
        TEST(a_minute_ends),
        TEST(no_limit),
        TEST(more_than_rows),
        TEST(rows_full_of_floods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
