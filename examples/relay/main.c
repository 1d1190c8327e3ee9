/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A relay output that mail switches: a mail with the subject "relay on" or
 * "relay off", if it came over TLS and its envelope sender is in the list below.
 *
 *     relay PORT MAILDIR   takes mail for *@example.test on 127.0.0.1:PORT
 *
 *     "relay on", over TLS, from joe@example.org     switches; stored as well
 *     "relay on", in clear or from somebody else     554, and is not stored
 *     any other mail                                 stored
 *
 * It is refused rather than stored, so that whoever sent it hears of it. The
 * reply comes when the message is whole: what its subject is nobody knows
 * before.
 */
#include "tinymx/posix.h"
#include "tinymx/server.h"
#include "tinymx/tee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MX_NAME "mx.example.test"

/* --- the relay ---------------------------------------------------------- */

static void relay_set(bool on)
{
    printf("relay %s\n", on ? "on" : "off"); /* yours: a GPIO */
}

/* --- mail that switches it ---------------------------------------------- */

static const char *const senders[] = {"joe@example.org", NULL};

enum wish { NOTHING, ON, OFF };

/* What is known of each open message. */
static struct note {
    bool trusted;
    enum wish wish;
} notes[MX_SESSIONS];

static bool is_listed(struct mx_span sender)
{
    for (const char *const *s = senders; *s != NULL; s++) {
        if (strlen(*s) == sender.len &&
            strncasecmp(*s, sender.ptr, sender.len) == 0) {
            return true;
        }
    }
    return false;
}

static void on_opened(void *ctx, int msg, const struct mx_envelope *env)
{
    (void)ctx;
    notes[msg] = (struct note){
        .trusted = env->tls != NULL && is_listed(env->reverse_path.text),
    };
}

static void on_field(void *ctx, int msg, enum mx_peek_field f,
                     const char *value, bool cut)
{
    (void)ctx;
    (void)cut; /* one that was is longer than these */
    if (f == MX_PEEK_SUBJECT && strcasecmp(value, "relay on") == 0) {
        notes[msg].wish = ON;
    } else if (f == MX_PEEK_SUBJECT && strcasecmp(value, "relay off") == 0) {
        notes[msg].wish = OFF;
    }
}

/* Is it wanted? Nothing is done yet: storing it may still fail. */
static enum mx_answer on_commit(void *ctx, int msg)
{
    (void)ctx;
    return notes[msg].wish == NOTHING || notes[msg].trusted ? MX_YES : MX_NO;
}

/* It is stored, and the sender is told so. A sender that does not hear it sends
 * the mail again: on and off bear that, a toggle would not. */
static void on_committed(void *ctx, int msg)
{
    (void)ctx;
    if (notes[msg].wish != NOTHING) {
        relay_set(notes[msg].wish == ON);
    }
}

static const struct mx_tee_app app = {
    .opened = on_opened,
    .field = on_field,
    .commit = on_commit,
    .committed = on_committed,
};

/* --- the program -------------------------------------------------------- */

/* A key and a self-signed certificate for as long as the program runs; see
 * examples/embed. */
static int make_identity(struct mx_identity *id)
{
    static char cert[MX_IDENTITY_CERT_MAX];
    static char key[MX_IDENTITY_KEY_MAX];
    int err = mx_tls_arena_init();

    if (err == 0) {
        err = mx_identity_make(MX_NAME, mx_port_time_s(), cert, key);
    }
    if (err == 0) {
        err = mx_identity_load(id, cert, strlen(cert), key, strlen(key), NULL);
    }
    return err;
}

/* The port it listens on, or below 0, and why. */
static int start(struct mx_server *server, uint16_t port, const char *dir,
                 char *why)
{
    static const char *const rcpts[] = {"*@example.test", NULL};
    static struct mx_identity identity;
    static struct mx_table table;
    static struct mx_maildir maildir;
    static struct mx_tee_msg messages[MX_SESSIONS];
    static struct mx_tee tee;
    struct mx_server_config config = {
        .mx_name = MX_NAME,
        .sink = &tee.sink,
        .policy = &table.policy,
        .identity = &identity,
    };

    snprintf(why, MX_POSIX_WHY_MAX, "cannot start");
    mx_table_init(&table, NULL, rcpts);
    if (mx_maildir_init(&maildir, dir, why) != 0 ||
        make_identity(&identity) != 0 ||
        mx_posix_net_up(&(struct mx_posix_net_config){0}, why) != 0) {
        return -1;
    }
    mx_tee_init(&tee, &maildir.sink, &app, messages, MX_SESSIONS);
    if (mx_server_init(server, &config) != 0) {
        return -1;
    }
    return mx_posix_forward("127.0.0.1", port, 25, why);
}

int main(int argc, char **argv)
{
    static struct mx_server server; /* not on the stack: it is large */
    char why[MX_POSIX_WHY_MAX];
    int port;

    if (argc != 3) {
        fprintf(stderr, "usage: relay PORT MAILDIR\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    port = start(&server, (uint16_t)atoi(argv[1]), argv[2], why);
    if (port < 0) {
        fprintf(stderr, "relay: %s\n", why);
        return 1;
    }
    printf("listening on 127.0.0.1:%d\n", port);
    for (;;) {
        mx_posix_wait(mx_server_poll(&server), -1, NULL);
    }
}
