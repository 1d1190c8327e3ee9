/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine's questions about mail, put to policy and sink, and their answers
 * carried back.
 */
#ifndef TINYMX_SERVER_DELIVERY_H
#define TINYMX_SERVER_DELIVERY_H

#include "server/session.h"

/* Answers the pending question (MAIL, RCPT, DATA, BODY, END or ABORT).
 * False: the sink said MX_EAGAIN, and it has to be asked again. */
bool delivery_answer(struct mx_server *srv, struct mx_session *s);

/* Forgets the open message, if there is one; `why` goes into the log. */
void delivery_abort(struct mx_server *srv, struct mx_session *s,
                    const char *why);

/* Makes every trace of messages that are over go away; none is open. */
void delivery_reset(struct mx_session *s);

#endif
