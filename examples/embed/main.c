/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that receives mail: it prints the subject of each message that was
 * accepted, and keeps nothing else.
 *
 *     embed PORT      takes mail for *@example.test on 127.0.0.1:PORT
 *
 * The sink is the program's own. What it does between open() and commit() is
 * provisional; commit() is where it acts.
 */
#include "tinymx/posix.h"
#include "tinymx/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a sink: the subject of each message -------------------------------- */

struct subject {
    bool used;
    bool body;       /* past the empty line: no header any more */
    size_t fill;     /* of line */
    char line[128];  /* the header line that is arriving, cut off */
    char found[128]; /* the subject, when it came */
};

struct subject_sink {
    struct mx_sink sink; /* first: what the server holds is this */
    struct subject msg[MX_SESSIONS];
};

static struct subject *subject_of(struct mx_sink *sink, int msg)
{
    return &((struct subject_sink *)sink)->msg[msg];
}

static int subject_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    (void)env;
    for (int i = 0; i < MX_SESSIONS; i++) {
        struct subject *s = subject_of(sink, i);

        if (!s->used) {
            memset(s, 0, sizeof *s);
            s->used = true;
            return i;
        }
    }
    return -1; /* cannot be: a session has one message open at most */
}

static int subject_rcpt(struct mx_sink *sink, int msg,
                        const struct mx_path *path)
{
    (void)sink;
    (void)msg;
    (void)path;
    return 0;
}

static void line_end(struct subject *s)
{
    s->line[s->fill] = '\0';
    if (strncmp(s->line, "Subject: ", 9) == 0) {
        memcpy(s->found, s->line + 9, s->fill - 8);
    }
    s->body = s->fill == 0;
    s->fill = 0;
}

static int subject_write(struct mx_sink *sink, int msg, const void *data,
                         size_t len)
{
    struct subject *s = subject_of(sink, msg);
    const char *p = data;

    for (size_t i = 0; i < len && !s->body; i++) {
        if (p[i] == '\n') {
            line_end(s);
        } else if (p[i] != '\r' && s->fill < sizeof s->line - 1) {
            s->line[s->fill++] = p[i];
        }
    }
    return (int)len;
}

static int subject_commit(struct mx_sink *sink, int msg)
{
    struct subject *s = subject_of(sink, msg);

    printf("subject: %s\n", s->found);
    s->used = false;
    return 0;
}

static void subject_abort(struct mx_sink *sink, int msg)
{
    subject_of(sink, msg)->used = false;
}

/* --- the program -------------------------------------------------------- */

#define MX_NAME "mx.example.test"

/* A key and a self-signed certificate for as long as the program runs. One that
 * stays would load what it had stored: senders may have pinned it by DANE. */
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

static struct subject_sink sink = {
    .sink = {subject_open, subject_rcpt, subject_write, subject_commit,
             subject_abort},
};

int main(int argc, char **argv)
{
    static const char *const rcpts[] = {"*@example.test", NULL};
    static struct mx_server server; /* not on the stack: it is large */
    static struct mx_table table;
    static struct mx_identity identity;
    struct mx_server_config config = {
        .mx_name = MX_NAME,
        .sink = &sink.sink,
        .policy = &table.policy,
        .identity = &identity,
    };
    char why[MX_POSIX_WHY_MAX];
    int port;

    setvbuf(stdout, NULL, _IOLBF, 0);
    mx_table_init(&table, NULL, rcpts);
    if (make_identity(&identity) != 0 ||
        mx_posix_net_up(&(struct mx_posix_net_config){0}, why) != 0 ||
        mx_server_init(&server, &config) != 0) {
        fprintf(stderr, "embed: cannot start\n");
        return 1;
    }
    port = mx_posix_forward("127.0.0.1",
                            (uint16_t)(argc > 1 ? atoi(argv[1]) : 0), 25, why);
    if (port < 0) {
        fprintf(stderr, "embed: %s\n", why);
        return 1;
    }
    printf("listening on 127.0.0.1:%d\n", port);
    for (;;) {
        mx_posix_wait(mx_server_poll(&server), -1, NULL);
    }
}
