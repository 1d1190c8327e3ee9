/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a reply may go out: what the engine wants of the peer or of the clock
 * before its first byte is sent, and what only the host can see.
 */
#ifndef TINYMX_SERVER_MANNERS_H
#define TINYMX_SERVER_MANNERS_H

#include "server/session.h"

/* May the engine's reply be sent now? A peer that has spoken before its turn is
 * dealt with here: the reply is then another one. */
bool manners_allow(struct mx_server *srv, struct mx_session *s);

/* The half of it that is about the clock: a reply that wants a delay has had it. */
bool manners_delay(struct mx_server *srv, struct mx_session *s, bool wanted);

/* Nothing was ever held back. */
void manners_reset(struct mx_session *s);

#endif
