/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How long a session may take: for what it does now, in all, and for the octets
 * of a message.
 *
 * Of a message only the time counts in which we waited for the peer: from when
 * the sink had taken all that came to when more came. So a sink that cannot go
 * on makes nobody slow, and closes the window.
 */
#ifndef TINYMX_SERVER_DEADLINE_H
#define TINYMX_SERVER_DEADLINE_H

#include "tinymx/server.h"

/* The session begins. */
void deadline_begin(struct mx_session *s);

/* From now on it has `seconds`. */
void deadline_set(struct mx_session *s, uint16_t seconds);

/* Something was done: the time for the next thing starts. After our last words
 * there is no next thing. */
void deadline_touch(const struct mx_server *srv, struct mx_session *s);

/* A message begins: its rate is its own. */
void deadline_message(struct mx_session *s);
/* So many octets of it came. */
void deadline_heard(const struct mx_server *srv, struct mx_session *s,
                    size_t len);

enum deadline {
    DEADLINE_LEFT, /* none has passed */
    DEADLINE_STEP, /* for what it does now */
    DEADLINE_RATE, /* the message comes too slowly */
    DEADLINE_SESSION,
};
enum deadline deadline_passed(const struct mx_server *srv,
                              const struct mx_session *s);
/* Milliseconds that are left; 0: one has passed. */
uint32_t deadline_left_ms(const struct mx_server *srv,
                          const struct mx_session *s);

#endif
