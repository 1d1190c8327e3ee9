/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS client (OpenSSL) and one of our sessions, joined in memory. How many
 * bytes cross at a time is the test's to say.
 */
#ifndef TINYMX_TEST_TLS_PEER_H
#define TINYMX_TEST_TLS_PEER_H

#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include <openssl/ssl.h>

#include <stdbool.h>
#include <stddef.h>

#define PEER_NAME "mx.example.test"

/* The server's side of a test program: the arena, an identity for PEER_NAME
 * with a key of `kind`, a configuration. */
struct peer_world {
    struct mx_identity id;
    struct mx_tls_server server;
    SSL_CTX *ctx;
    struct mx_arena_stats empty; /* of the arena, before all this */
};

void peer_world_open(struct peer_world *w, const char *kind);
/* Asserts that the arena is as empty as it was. */
void peer_world_close(struct peer_world *w);

struct peer {
    struct mx_tls tls;
    SSL *ssl;
    BIO *to_ssl;     /* what we sent */
    BIO *from_ssl;   /* what it sent */
    size_t push_max; /* bytes a push() is offered; 0: all there are */
    size_t ack_max;  /* bytes acknowledged at once; 0: all there are */
    bool shaken;     /* its handshake is done */
};

/* Both sides before the first byte. */
void peer_open(struct peer *p, const struct peer_world *w);
/* Restricts the client before it speaks; NULL: as it is. */
void peer_limit(struct peer *p, int version, const char *suite,
                const char *group);
void peer_close(struct peer *p);

/* Offers what the client has said: whether any byte was taken. */
bool peer_push(struct peer *p);
/* Gives the client what we have said: whether any byte went. */
bool peer_pull(struct peer *p);
/* Both, and the client's own handshake, until nothing moves any more. */
void peer_run(struct peer *p);

/* A whole handshake: both sides are open afterwards. */
void peer_shake(struct peer *p);

/* The client writes all of it (records wait in memory). */
void peer_say(struct peer *p, const void *data, size_t len);
/* What the client can read now; at most `room`. */
size_t peer_hear(struct peer *p, void *data, size_t room);
/* Our side: takes all plaintext there is, running the wire; at most `room`. */
size_t peer_take(struct peer *p, void *data, size_t room);
/* Our side: writes all of it, running the wire. */
void peer_send(struct peer *p, const void *data, size_t len);

#endif
