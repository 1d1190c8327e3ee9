/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sink in front of another, which lets a program of yours look at each
 * message while it streams by, and decide about it before it is stored.
 *
 *     server ─► tee ─► the sink behind: a spool, a Maildir, the null sink
 *                │
 *                └──► opened ─► rcpt ... ─► field ... ─► body ... ─► commit?
 *                                                                 │
 *                                                committed ◄──────┴──► aborted
 *
 *     static const struct mx_tee_app app = {.field = on_field, ...};
 *     static struct mx_tee_msg messages[MX_SESSIONS];
 *     static struct mx_tee tee;
 *
 *     mx_tee_init(&tee, &spool.sink, &app, messages, MX_SESSIONS);
 *     config.sink = &tee.sink;
 *
 * What you are shown the sink behind has taken, once, and in this order: each
 * recipient that it took, the fields of tinymx/peek.h, the body's bytes, your
 * commit. Until `committed` all of it is provisional, your own yes as well: the
 * peer may go away, the sink behind may fail. So note in the others, and act in
 * `committed`, when the message is durable and the sender is being told 250.
 *
 * A peer that gets no reply after that sends the message once more (RFC 5321
 * 6.1): what you do should do no harm when it is done twice, or go by the
 * Message-ID.
 *
 * Every hook may be NULL. All are called from the server's poll, and it waits
 * for them.
 */
#ifndef TINYMX_TEE_H
#define TINYMX_TEE_H

#include "tinymx/peek.h"
#include "tinymx/sink.h"

/* `const` for life. `msg` is the message's number, from 0 to one less than the
 * pool has, so that an array of yours can stand beside it. */
struct mx_tee_app {
    void *ctx; /* yours; handed to each */

    /* A message begins. `env` is borrowed for the call. */
    void (*opened)(void *ctx, int msg, const struct mx_envelope *env);

    /* One more recipient, borrowed. */
    void (*rcpt)(void *ctx, int msg, const struct mx_path *path);

    /* A field of the header; as in tinymx/peek.h. */
    void (*field)(void *ctx, int msg, enum mx_peek_field f, const char *value,
                  bool cut);

    /* The next bytes behind the header, as they came; never none. */
    void (*body)(void *ctx, int msg, const void *data, size_t len);

    /* The message is whole: is it wanted? MX_YES; MX_NO, 554 5.7.1: never;
     * anything else is MX_LATER, 451 4.3.0: the sender comes again. Asked once.
     * NULL: yes. */
    enum mx_answer (*commit)(void *ctx, int msg);

    /* How it ended: exactly one of these for each that was opened. */
    void (*committed)(void *ctx, int msg); /* it is durable */
    void (*aborted)(void *ctx, int msg);   /* it never was */
};

struct mx_tee;

/* An open message. Contents private. */
struct mx_tee_msg {
    struct mx_tee *tee;
    int behind; /* its number there */
    bool taken;
    bool asked; /* commit(), and the answer was yes */
    struct mx_peek peek;
};

struct mx_tee {
    struct mx_sink sink; /* set by mx_tee_init() */

    /* Private from here on. */
    struct mx_sink *behind;
    const struct mx_tee_app *app;
    struct mx_tee_msg *msg;
    size_t msgs;
};

/* All are borrowed for life. `pool` has room for `count` messages at once; one
 * more than that waits for its turn. With MX_SESSIONS none ever does. RAM: a
 * struct mx_tee_msg each, MX_PEEK_MAX and 64 bytes on a board. */
void mx_tee_init(struct mx_tee *tee, struct mx_sink *behind,
                 const struct mx_tee_app *app, struct mx_tee_msg *pool,
                 size_t count);

#endif
