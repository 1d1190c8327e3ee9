/* SPDX-License-Identifier: BSD-3-Clause */
/* Who becomes a session, and who is told to come again. */
#ifndef TINYMX_SERVER_ADMISSION_H
#define TINYMX_SERVER_ADMISSION_H

#include "net/listen.h"
#include "tinymx/server.h"

/* Opens the listeners. 0, MX_EEXIST: a port is taken, MX_ENOMEM. */
int admission_open(struct mx_server *srv);

/* A port: what is spoken there, and whether in TLS from the first byte. */
struct admission_door {
    bool pop3;
    bool implicit;
};

/* What the operation of listen.h does for a port like this. */
struct mx_conn *admission_place(struct mx_server *srv,
                                const struct admission_door *door,
                                const struct listen_newcomer *who,
                                const char **refusal);

/* May this peer have one more TLS handshake in this minute? It is counted. */
bool admission_handshake(struct mx_server *srv, struct mx_session *s);

#endif
