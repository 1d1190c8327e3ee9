/* SPDX-License-Identifier: BSD-3-Clause */
/* The stage with an identity, and OpenSSL as a client on it. */
#ifndef TINYMX_TEST_STAGE_TLS_H
#define TINYMX_TEST_STAGE_TLS_H

#include "stage.h"

#include <openssl/ssl.h>

struct client {
    struct peer tcp;
    SSL *ssl;        /* NULL: still in clear */
    BIO *from_wire;  /* records for OpenSSL, */
    BIO *to_wire;    /* and from it */
    char text[8192]; /* what the server said inside TLS */
    size_t fill;
    bool notified; /* close_notify came */
};

void client_open(struct client *c);
/* TLS from here on: what came in clear has been read. */
void client_secure(struct client *c);
/* What OpenSSL has for the wire. */
void client_send(struct client *c);
void client_turn(struct client *c);

#define CLIENT_UNTIL(c, cond)                                                  \
    do {                                                                       \
        for (long left = 360000; !(cond) && left > 0; left--) {                \
            client_turn(c);                                                    \
        }                                                                      \
        assert_true(cond);                                                     \
    } while (0)

void client_hears(struct client *c, const char *text);
/* Each call is a record of its own. */
void client_says(struct client *c, const char *text, size_t len);
void client_says_line(struct client *c, const char *text);
void client_close(struct client *c);

/* For cmocka, as those of stage.h; after a test the arena is as it was. The
 * name, the sink, the policy and the identity are filled in where they are
 * missing. */
int stage_open_tls(void **state);
int stage_close_tls(void **state);
int stage_start_tls(struct mx_server_config *cfg);
int stage_stop_tls(void **state);

#endif
