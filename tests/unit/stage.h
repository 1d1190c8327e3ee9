/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stage for the server: lwIP on an interface whose frames come back to it, so
 * that clients and server live in one stack; a clock that the test moves; a
 * sink that does as it is told.
 */
#ifndef TINYMX_TEST_STAGE_H
#define TINYMX_TEST_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lwip/memp.h"
#include "lwip/tcp.h"

#include "test_port.h"
#include "tinymx/err.h"
#include "tinymx/server.h"

/* --- a sink that does as it is told ------------------------------------- */

struct store {
    struct mx_sink sink;
    int open_answer, write_answer, commit_answer; /* 0, or the error to give */
    size_t most;  /* a write takes no more than this */
    bool hiccups; /* every other write says MX_EAGAIN */
    bool discard; /* nothing is kept */
    unsigned opened, committed, aborted, writes;
    size_t fill;
    char text[1 << 20];
};
extern struct store store;

/* --- a client ----------------------------------------------------------- */

struct peer {
    struct tcp_pcb *pcb;
    char in[4096];
    size_t fill;
    bool hold;    /* the window is kept closed for what comes, */
    size_t held;  /* and this much came */
    size_t lines; /* line ends received */
    bool connected, eof, reset;
};

void peer_connect(struct peer *peer);
void peer_connect_from(struct peer *peer, uint16_t port); /* 0: any */
/* 192.0.2.1, which the others are too, and 198.51.100.1; 2001:db8:f::1 and ::2,
 * 2001:db8:f:1::1. */
void peer_connect_as(struct peer *peer, const char *address);
/* As much as fits now; returns that. */
size_t peer_send(struct peer *peer, const char *text, size_t len);
void peer_say(struct peer *peer, const char *text);
/* The same, and behind EHLO, HELO and DATA it waits for the reply, as a client
 * has to (RFC 2920 3.1). */
void peer_tell(struct peer *peer, const char *text);
void peer_close(struct peer *peer);
void peer_abort(struct peer *peer);

/* --- the machine -------------------------------------------------------- */

extern struct mx_server server;
extern const struct mx_server_config stage_defaults;
extern bool wire_cut; /* frames are lost */

extern uint32_t expected_timeouts; /* of a session, by the end of the test */

/* Delivers what is on the wire. */
void deliver(void);
/* Delivers, runs lwIP's timers, polls the server, moves the clock. */
void turn(void);

/* Turns until `cond`; fails when that never comes. */
#define UNTIL(cond)                                                            \
    do {                                                                       \
        for (long left = 360000; !(cond) && left > 0; left--) {                \
            turn();                                                            \
        }                                                                      \
        assert_true(cond);                                                     \
    } while (0)

#define SAYS(peer, text) UNTIL(strstr((peer)->in, text) != NULL)

/* Entries in use of a pool of lwIP's, and how many when the test began. */
unsigned pool_used(int pool);
unsigned pool_before(int pool);

/* For cmocka: the group's and each test's. After a test nothing of a session
 * may be left, no deadline may have been what ended it (but those expected),
 * and every pool of lwIP is where it was. */
int stage_open(void **state);
int stage_start(void **state);
int stage_start_with(const struct mx_server_config *cfg);
int stage_stop(void **state);

#endif
