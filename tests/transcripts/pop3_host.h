/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The other side of the POP3 engine for tests: a host with a maildrop in
 * memory, which writes down all that it saw, in the notation of the transcripts
 * (see README.md here).
 */
#ifndef TINYMX_POP3_HOST_H
#define TINYMX_POP3_HOST_H

#include "journal.h"
#include "tinymx/pop3.h"

#define POP3_HOST_MESSAGES 64
#define POP3_HOST_SCRIPT 16
#define POP3_HOST_DATA 65536

/* The answers to one question, in order; the last one stays. */
struct pop3_host_script {
    uint8_t answers[POP3_HOST_SCRIPT];
    size_t count; /* 0: always yes */
    size_t next;
};

struct pop3_host_message {
    size_t at; /* in data */
    size_t len;
    bool gone; /* deleted in this session */
};

struct pop3_host {
    struct mx_pop3_config cfg;
    struct pop3_host_script scripts[MX_POP3_ASK_CLOSE];
    struct pop3_host_message messages[POP3_HOST_MESSAGES];
    size_t count;
    char data[POP3_HOST_DATA];
    size_t data_len;

    struct mx_pop3 pop3;
    struct mx_pop3_drop drop;
    size_t ack_max;    /* bytes acknowledged, and read, at once; 0: all */
    bool closed;       /* CLOSE was asked */
    uint16_t opened;   /* the message that is read, */
    uint32_t expected; /* and from where on */
    struct journal journal;
};

/* mx.example.test, no maximum of errors, three logins, no mail. */
void pop3_host_init(struct pop3_host *h);
/* One more message. False: there is no room for it. */
bool pop3_host_add(struct pop3_host *h, struct mx_span data);

/* Forgets what was written down and begins a session in clear, or goes on in
 * TLS. All mail is there. */
void pop3_host_begin(struct pop3_host *h);
void pop3_host_handshake(struct pop3_host *h);

/* As host_push() of smtp_host.h. Checks the engine's manners: that it takes
 * nothing while it speaks or asks, reads a message from its beginning on without
 * a gap, marks and deletes what is there, and has wiped the password. */
size_t pop3_host_push(struct pop3_host *h, const char *data, size_t len);

#endif
