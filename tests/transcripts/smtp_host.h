/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The other side of the SMTP engine for tests: a host that answers from a
 * script and writes down all that it saw, in the notation of the transcripts
 * (see README.md here).
 */
#ifndef TINYMX_SMTP_HOST_H
#define TINYMX_SMTP_HOST_H

#include "journal.h"
#include "tinymx/smtp.h"

#define HOST_SCRIPT_MAX 16

/* The answers to one question, in order; the last one stays. */
struct host_script {
    uint8_t answers[HOST_SCRIPT_MAX];
    size_t count; /* 0: always MX_YES */
    size_t next;
};

struct host {
    struct mx_smtp_config cfg;
    struct host_script scripts[MX_ASK_CLOSE];
    struct mx_smtp smtp;
    size_t ack_max; /* bytes acknowledged at once; 0: all */
    bool closed;    /* MX_ASK_CLOSE was asked */
    bool open;      /* a message is open on our side */
    struct journal journal;
};

/* Defaults: mx.example.test, SIZE 100000, RCPTMAX 100, no MAILMAX, STARTTLS. */
void host_init(struct host *h);

/* Forgets what was logged and begins a session in clear, or goes on in TLS,
 * where the client may be one that is not let in. */
void host_begin(struct host *h);
void host_handshake(struct host *h, bool denied);

/* Pushes bytes as far as the engine takes them, sends its replies and answers
 * its questions. Returns how many were taken. Checks the engine's manners:
 * that it takes nothing while it speaks or asks, that body() lies in `data`,
 * that one question follows another as the sink expects it. */
size_t host_push(struct host *h, const char *data, size_t len);

#endif
