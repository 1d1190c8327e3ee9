/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A peer's connection to the device, in clear at first, then in OpenSSL's TLS:
 * bytes to say, replies to hear. Nothing waits; talk_turn() does what can be
 * done now.
 */
#ifndef TINYMX_RIG_TALK_H
#define TINYMX_RIG_TALK_H

#include <openssl/ssl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "far.h"

enum talk_tls {
    TALK_CLEAR,
    TALK_TLS_1_2,
    TALK_TLS_1_3,
    TALK_DISTRUST, /* TLS 1.3, and the certificate is not believed */
    TALK_VERSIONS
};

struct talk {
    struct far_conn *tcp; /* NULL: not open */
    SSL *ssl;             /* NULL: in clear */
    BIO *in, *out;        /* records from the wire, and for it */
    bool deaf;            /* reads nothing: the device's window closes */
    bool failed;          /* TLS has */
    uint32_t drip_ms;     /* one octet goes out in so long; 0: no limit */
    uint64_t drip_at_ms;
    char heard[2048];
    size_t heard_len;
    char clear[512]; /* what in clear is still to be sent */
    size_t clear_len;
};

struct talk_stats {
    unsigned handshakes[TALK_VERSIONS], resumed[TALK_VERSIONS];
};
extern struct talk_stats talk_stats;

/* Once. Whose certificate is the right one. */
void talk_open_world(X509 *device);

void talk_connect(struct talk *t, unsigned host);
/* TLS from here on. It offers to resume an earlier session, if `resume` and
 * there is one; `p256`: the curve that the device has for certain comes
 * first, else a small device has to ask for it. */
void talk_secure(struct talk *t, enum talk_tls version, bool resume, bool p256);
bool talk_is_secure(const struct talk *t); /* the handshake is done */

/* Queues what fits; returns how much. */
size_t talk_say(struct talk *t, const void *data, size_t len);
/* Octets that go out as they are, whatever TLS thinks. */
size_t talk_say_raw(struct talk *t, const void *data, size_t len);
/* Says the whole of a short text, which always fits between replies. */
void talk_line(struct talk *t, const char *text);
/* close_notify, if that is the way to end here. */
void talk_bye(struct talk *t);
/* Everything said has been given to TCP. */
bool talk_is_said(const struct talk *t);

/* Moves what can be moved: whether anything did. */
bool talk_turn(struct talk *t);
/* The code of a reply that was heard whole, which is taken; 0: none. */
int talk_reply(struct talk *t);
/* Nothing more will be heard. */
bool talk_over(const struct talk *t);

/* The ways to end. */
void talk_close(struct talk *t);
void talk_reset(struct talk *t);
void talk_vanish(struct talk *t);

#endif
