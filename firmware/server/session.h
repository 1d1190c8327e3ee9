/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session, from accept to the last FIN. It is where the parts that know
 * nothing of each other meet: connection, TLS, engine, store. What it speaks is
 * behind protocol.h.
 *
 *              ┌───────── NEW ──────────────┐ implicit TLS
 *              ▼                            │
 *           GREETING                        │
 *              ▼       STARTTLS: 220        ▼
 *            CLEAR ─────────► STARTING   WAITING (for a slot)
 *              │                 │ sent     │ got one
 *              │                 ▼          │
 *              │             HANDSHAKE ◄────┘
 *              │                 │ done: a new engine
 *              │                 ▼
 *              ├── QUIT, 421 ─  TLS ──┐
 *              ▼                      ▼
 *            LEAVING (last bytes, close_notify, FIN, drain) ──► FREE
 *
 * session_run() walks a table of one step a state until nothing moves. Each
 * step says whether it moved anything; none of them waits.
 */
#ifndef TINYMX_SERVER_SESSION_H
#define TINYMX_SERVER_SESSION_H

#include "tinymx/server.h"

enum session_state {
    SESSION_FREE,
    SESSION_NEW,       /* accepted; nothing was said */
    SESSION_GREETING,  /* the 220 is held back */
    SESSION_CLEAR,     /* the engine talks in clear */
    SESSION_STARTING,  /* 220 is going out, nothing is taken in */
    SESSION_WAITING,   /* implicit TLS: no slot yet */
    SESSION_HANDSHAKE, /* TLS talks */
    SESSION_TLS,       /* the engine talks inside TLS */
    SESSION_LEAVING,   /* nothing is parsed any more */
    SESSION_STATES
};

/* A newcomer: its connection is attached to s->conn right after this. Called
 * from below lwIP, so it does nothing yet. */
void session_begin(struct mx_server *srv, struct mx_session *s, bool pop3,
                   bool implicit);

/* Does what can be done. True: it stopped for the others' sake, there is more
 * to do at once. */
bool session_run(struct mx_server *srv, struct mx_session *s);

#endif
