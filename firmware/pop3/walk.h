/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands about every message, and the marks: listings pack as many lines into
 * the buffer as it holds; QUIT deletes what is marked, in order.
 */
#ifndef TINYMX_POP3_WALK_H
#define TINYMX_POP3_WALK_H

#include "tinymx/pop3.h"

/* A state that walks was entered: asks about the first message, or ends. */
void pop3_walk_begin(struct mx_pop3 *s);
/* The question about s->message was answered: goes on. */
void pop3_walk_on(struct mx_pop3 *s);

bool pop3_walk_is_marked(const struct mx_pop3 *s, uint32_t message);
void pop3_walk_mark(struct mx_pop3 *s);
void pop3_walk_reset(struct mx_pop3_drop *drop);

#endif
