/* SPDX-License-Identifier: BSD-3-Clause */
/* How a session ends: by itself, by the clock, for somebody else, with all. */
#ifndef TINYMX_SERVER_ENDING_H
#define TINYMX_SERVER_ENDING_H

#include "server/session.h"

/* Nothing more is parsed: what is on its way out goes, then our FIN. */
void ending_leave(struct mx_server *srv, struct mx_session *s, const char *why);
/* One step of that. */
bool ending_step(struct mx_server *srv, struct mx_session *s);
/* The connection is gone, or somebody else's. */
void ending_free(struct mx_server *srv, struct mx_session *s);

/* 421 and the reason, as far as that can still be said, is the last of it. */
void ending_say(struct mx_server *srv, struct mx_session *s, enum mx_why why);

/* A deadline has passed: 421 if there is a chance that it is read, else the
 * connection is reset. */
void ending_expire(struct mx_server *srv, struct mx_session *s);

/* How long nobody would have missed it, milliseconds: our last words are said,
 * which is for ever, or it is silent, without a transaction. 0: it is at work,
 * or waits for us. */
uint32_t ending_idle_ms(const struct mx_server *srv,
                        const struct mx_session *s);
/* Its place is needed: says 421, and is free at once. */
void ending_evict(struct mx_server *srv, struct mx_session *s);

/* The server stops: says 421 as far as that goes at once, and frees it. */
void ending_stop(struct mx_server *srv, struct mx_session *s);

#endif
