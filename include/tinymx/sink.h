/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a message goes. Two phases:
 *
 *     open ─► rcpt ─► rcpt ─► write ─► write ─► ... ─► commit
 *       └───────┴───────┴───────┴─────────────────────► abort
 *
 * Nothing of a message is visible before commit() returned 0, and then it is
 * durable: the 250 that the sender gets is that promise (RFC 5321 6.1). After
 * abort() nothing of it was ever there. Every message that was opened is ended
 * by exactly one of the two; a commit() that fails has aborted it.
 *
 * Several messages may be open at once, each known by the number open() gave.
 *
 * What is written is the message as it came, dots unstuffed, with our Received:
 * line in front. The sink adds what final delivery adds, if that is what it
 * does: Return-Path: (RFC 5321 4.4) and the recipients (see tinymx/trace.h).
 *
 * Every function may return MX_EAGAIN: nothing happened, the server makes the
 * same call again soon, and the peer waits (its TCP window closes). Other
 * errors end the message: MX_ENOSPC becomes 452, MX_E2BIG 552, MX_EREFUSED 550
 * or 554, and the rest 451.
 */
#ifndef TINYMX_SINK_H
#define TINYMX_SINK_H

#include "tinymx/mail.h"

struct mx_sink {
    /* A new message. >= 0: its number; else an error, and nothing is open.
     * `env` is borrowed for the call. */
    int (*open)(struct mx_sink *sink, const struct mx_envelope *env);

    /* One more recipient, in the order they were accepted. After an error the
     * message is still open, without that recipient, and the peer is told. */
    int (*rcpt)(struct mx_sink *sink, int msg, const struct mx_path *path);

    /* The next bytes. >= 0: how many were taken (0 only if `len` is 0; the
     * rest is offered again); else an error, and the server aborts. */
    int (*write)(struct mx_sink *sink, int msg, const void *data, size_t len);

    /* Makes the message durable, then visible. */
    int (*commit)(struct mx_sink *sink, int msg);

    /* Forgets the message. Cannot fail. */
    void (*abort)(struct mx_sink *sink, int msg);
};

/* Takes everything, keeps nothing, counts it. For tests and benches. */
struct mx_null_sink {
    struct mx_sink sink; /* set by mx_null_sink_init() */
    uint32_t opened;
    uint32_t committed;
    uint32_t aborted;
    uint64_t bytes;
};

void mx_null_sink_init(struct mx_null_sink *null);

#endif
