/* SPDX-License-Identifier: BSD-3-Clause */
/* Who becomes a session, and who is told to come again. */
#ifndef TINYMX_SERVER_ADMISSION_H
#define TINYMX_SERVER_ADMISSION_H

#include "tinymx/server.h"

/* Opens the listeners. 0, MX_EEXIST: a port is taken, MX_ENOMEM. */
int admission_open(struct mx_server *srv);

/* May this peer have one more TLS handshake in this minute? It is counted. */
bool admission_handshake(struct mx_server *srv, struct mx_session *s);

#endif
