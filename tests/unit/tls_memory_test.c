/* SPDX-License-Identifier: BSD-3-Clause */
/* Many sessions: one after the other, side by side, resumed, and too many. */
#include "tls_peer.h"

#include "test_port.h"
#include "tinymx/err.h"
#include "tls/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct peer_world ec;

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static struct mx_arena_stats stats(void)
{
    struct mx_arena_stats s;

    mx_tls_arena_stats(&s);
    return s;
}

static void exchange(struct peer *p, const char *line)
{
    char buf[64];
    size_t len = strlen(line);

    peer_say(p, line, len);
    assert_int_equal(peer_take(p, buf, len), len);
    assert_memory_equal(buf, line, len);
    peer_send(p, line, len);
    assert_int_equal(peer_hear(p, buf, len), len);
    assert_memory_equal(buf, line, len);
}

/* The arena is afterwards as it was before, every time. */
static void one_after_the_other(void **state)
{
    struct mx_arena_stats before = stats();

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        struct peer p;

        peer_open(&p, &ec);
        peer_limit(&p, versions[i % 2], NULL, NULL);
        if (i % 5 == 4) {
            SSL_do_handshake(p.ssl);
            peer_push(&p); /* and given up */
        } else {
            peer_shake(&p);
            exchange(&p, "NOOP\r\n");
        }
        peer_close(&p);
        assert_int_equal(stats().used, before.used);
        assert_int_equal(stats().blocks, before.blocks);
        assert_int_equal(stats().largest, before.largest);
    }
    assert_int_equal(stats().failures, 0);
}

/* All that there may be at once, in step: every one is in the middle of its
 * handshake while the others are in theirs. */
static void side_by_side(int version)
{
    static struct peer p[MX_TLS_SESSIONS];
    bool moved;

    for (size_t i = 0; i < MX_TLS_SESSIONS; i++) {
        peer_open(&p[i], &ec);
        peer_limit(&p[i], version, NULL, NULL);
    }
    do {
        moved = false;
        for (size_t i = 0; i < MX_TLS_SESSIONS; i++) {
            if (!p[i].shaken) {
                p[i].shaken = SSL_do_handshake(p[i].ssl) == 1;
            }
            moved |= peer_push(&p[i]);
        }
        for (size_t i = 0; i < MX_TLS_SESSIONS; i++) {
            moved |= peer_pull(&p[i]);
        }
    } while (moved);
    for (size_t i = 0; i < MX_TLS_SESSIONS; i++) {
        char line[] = "NOOP .\r\n";

        line[5] = (char)('A' + i);
        peer_shake(&p[i]);
        exchange(&p[i], line);
    }
    for (size_t i = 0; i < MX_TLS_SESSIONS; i++) {
        peer_close(&p[i]);
    }
}

static void all_at_once(void **state)
{
    struct mx_arena_stats before = stats();

    (void)state;
    side_by_side(TLS1_2_VERSION);
    side_by_side(TLS1_3_VERSION);
    side_by_side(0);
    assert_int_equal(stats().used, before.used);
    assert_int_equal(stats().failures, before.failures);
    print_message("arena: %zu a session in handshake\n",
                  (stats().peak - before.used) / MX_TLS_SESSIONS);
}

/* --- tickets ------------------------------------------------------------ */

static SSL_SESSION *session_of(int version)
{
    struct peer p;
    SSL_SESSION *s;

    peer_open(&p, &ec);
    peer_limit(&p, version, NULL, NULL);
    peer_shake(&p);
    assert_false(mx_tls_facts(&p.tls)->resumed);
    exchange(&p, "NOOP\r\n"); /* the ticket of TLS 1.3 is read with it */
    SSL_shutdown(p.ssl);
    s = SSL_get1_session(p.ssl);
    assert_true(SSL_SESSION_is_resumable(s));
    assert_true(SSL_SESSION_has_ticket(s));
    peer_close(&p);
    return s;
}

static void resume(SSL_SESSION *s, int version, bool expected)
{
    struct peer p;

    peer_open(&p, &ec);
    peer_limit(&p, version, NULL, NULL);
    SSL_set_session(p.ssl, s);
    peer_shake(&p);
    assert_int_equal(SSL_session_reused(p.ssl), expected);
    assert_int_equal(mx_tls_facts(&p.tls)->resumed, expected);
    exchange(&p, "NOOP\r\n");
    peer_close(&p);
}

static void tickets(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        SSL_SESSION *s = session_of(versions[v]);

        resume(s, versions[v], true);
        SSL_SESSION_free(s);
    }
}

/* Too old. In TLS 1.3 the client says how old its ticket is, by a clock that
 * the test cannot set, and a contradiction is a full handshake too. */
static void tickets_expire(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        SSL_SESSION *s = session_of(versions[v]);
        uint32_t start = test_now_ms;

        test_now_ms = start + (MX_TLS_TICKET_S - 10) * 1000u;
        resume(s, versions[v], versions[v] == TLS1_2_VERSION);
        test_now_ms = start + (MX_TLS_TICKET_S + 10) * 1000u;
        resume(s, versions[v], false);
        SSL_SESSION_free(s);
    }
}

/* Another server's ticket, or none of anybody's, is a full handshake. */
static void foreign_tickets(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        SSL_SESSION *s = session_of(versions[v]);

        mx_tls_server_free(&ec.server);
        assert_int_equal(mx_tls_server_init(&ec.server, &ec.id), 0);
        resume(s, versions[v], false);
        SSL_SESSION_free(s);
    }
}

/* --- too little memory -------------------------------------------------- */

static void no_room_to_start(void **state)
{
    struct mx_arena_stats before = stats();
    void *all = mx_arena_calloc(1, before.largest - 8000);
    struct mx_tls t;

    (void)state;
    assert_non_null(all);
    assert_int_equal(mx_tls_start(&t, &ec.server), MX_ENOMEM);
    assert_int_equal(mx_tls_state(&t), MX_TLS_OFF);
    mx_arena_free(all);
    assert_int_equal(stats().used, before.used);
    assert_int_equal(mx_tls_start(&t, &ec.server), 0);
    mx_tls_end(&t);
    assert_int_equal(stats().used, before.used);
}

/* The arena always has room; a heap in its place may not. */
static bool heap_has_room = true;

bool __wrap_mx_arena_room(void);
bool __wrap_mx_arena_room(void)
{
    return heap_has_room;
}

static void told_to_wait(void **state)
{
    struct mx_arena_stats before = stats();
    struct mx_tls t;

    (void)state;
    heap_has_room = false;
    assert_int_equal(mx_tls_start(&t, &ec.server), MX_ENOMEM);
    heap_has_room = true;
    assert_int_equal(mx_tls_state(&t), MX_TLS_OFF);
    assert_int_equal(stats().used, before.used);
    assert_int_equal(stats().failures, before.failures);
    assert_int_equal(mx_tls_start(&t, &ec.server), 0);
    mx_tls_end(&t);
}

/* Room to start and then ever less: a handshake works or fails, and gives
 * everything back; when it fails nobody hangs. */
static void no_room_later(void **state)
{
    struct mx_arena_stats before = stats();
    unsigned works = 0;
    unsigned fails = 0;

    (void)state;
    for (size_t v = 0; v < 2; v++) {
        for (size_t room = 0; room < 12000; room += 100) {
            struct peer p;
            void *rest;

            peer_open(&p, &ec);
            peer_limit(&p, versions[v], NULL, NULL);
            rest = stats().largest > room
                       ? mx_arena_calloc(1, stats().largest - room)
                       : NULL;
            peer_run(&p);
            if (mx_tls_state(&p.tls) == MX_TLS_OPEN) {
                exchange(&p, "NOOP\r\n");
                works++;
            } else {
                assert_int_equal(mx_tls_state(&p.tls), MX_TLS_FAILED);
                fails++;
            }
            peer_close(&p);
            mx_arena_free(rest);
            assert_int_equal(stats().used, before.used);
        }
    }
    assert_true(works > 20);
    assert_true(fails > 5);
}

static void server_without_identity(void **state)
{
    struct mx_tls_server server;
    struct mx_identity none = {0};
    struct mx_arena_stats before = stats();
    void *rest;

    (void)state;
    assert_int_equal(mx_tls_server_init(&server, &none), MX_EINVAL);
    mx_tls_server_free(&server);
    for (size_t room = 0; room < 1200; room += 50) {
        rest = mx_arena_calloc(1, stats().largest - room);
        if (mx_tls_server_init(&server, &ec.id) != 0) {
            assert_null(server.impl);
        }
        mx_tls_server_free(&server);
        mx_arena_free(rest);
        assert_int_equal(stats().used, before.used);
    }
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
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(tickets),
        cmocka_unit_test(tickets_expire),
        cmocka_unit_test(foreign_tickets),
        cmocka_unit_test(no_room_to_start),
        cmocka_unit_test(told_to_wait),
        cmocka_unit_test(no_room_later),
        cmocka_unit_test(server_without_identity),
    };

    return cmocka_run_group_tests_name("memory", tests, setup, teardown);
}
