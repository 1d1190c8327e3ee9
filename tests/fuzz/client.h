/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A client: TCP by lwIP, TLS by OpenSSL, and no manners but those it is told
 * to have. All that a server sends it is checked as it comes: replies, and from
 * 220 Ready on nothing but TLS records.
 */
#ifndef TINYMX_FUZZ_CLIENT_H
#define TINYMX_FUZZ_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "certs.h"
#include "records.h"
#include "replies.h"

struct tcp_pcb;

#define CLIENT_OUT_MAX 65536

struct client {
    struct tcp_pcb *pcb;    /* NULL: not connected, or no more */
    SSL *ssl;               /* NULL: in clear */
    enum cert_name cert;    /* that it shows when it is asked for one */
    bool in_records;        /* from here on nothing else comes, */
    struct records records; /* and these came */
    struct replies clear;   /* what the server said, */
    struct replies tls;     /* and inside TLS */
    bool eof;               /* the server's FIN came */
    bool shut;              /* ours is on its way */
    bool hold;              /* takes nothing: the server's window closes */
    size_t held;            /* and so much waits */
    bool hushed;            /* says nothing any more */
    size_t cut;             /* bytes a segment, at most; 0: as many as fit */
    size_t flip; /* one bit of the flip-th byte to be sent, from 1; 0: none */
    size_t out_fill;
    char out[CLIENT_OUT_MAX]; /* bytes for the wire */
};

/* What all clients said, in clear or inside TLS, in the order they said it. */
struct said {
    size_t len;
    bool whole; /* all of it is there */
    char text[1 << 17];
};
extern struct said client_said[2]; /* by whether it was in TLS */

/* Messages that the server has promised to deliver, to all that have ended. */
extern unsigned client_promised;

/* Is nothing to be promised to those who do not show CERT_GOOD? */
extern bool client_cert_needed;

/* Before each input. */
void client_forget_all(void);

/* Connects from `port` of 192.0.2.`host`; implicit TLS where `secure`. */
void client_open(struct client *c, uint8_t host, uint16_t port, bool secure);
/* Says it in clear or in TLS, whatever there is. */
void client_say(struct client *c, const char *text, size_t len);
/* Puts it on the wire as it is. */
void client_send(struct client *c, const char *data, size_t len);
/* TLS from here on. */
struct client_tls {
    int version;         /* OpenSSL's; 0: any */
    bool resume;         /* offer a ticket, if there is one */
    enum cert_name cert; /* to show, if that is asked for */
};
void client_secure(struct client *c, const struct client_tls *how);
bool client_is_secure(const struct client *c); /* handshake done */
void client_notify(struct client *c);          /* close_notify */
void client_rekey(struct client *c);           /* KeyUpdate, renegotiation */
void client_fin(struct client *c);
void client_reset(struct client *c);
void client_hold(struct client *c, bool hold);
/* Says nothing any more, and does not take part in TLS. */
void client_hush(struct client *c);
/* Ends whatever it is in; all zero again. */
void client_end(struct client *c);

/* Moves bytes; whether any moved. */
bool client_pump(struct client *c);

#endif
