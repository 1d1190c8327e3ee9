/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A question to the resolver, by UDP: made by dns_query(), sent from a port and
 * with an id that nobody can guess (RFC 5452), asked again in turn of the servers
 * there are. Only an answer of the server that was asked last counts, and only to
 * this question. lwIP's callback keeps one and does nothing else.
 *
 *     ask_start(&ask, query, len);
 *     while (ask_poll(&ask, &m) == ASK_WAIT) { ... }
 *     ... of m, until the next ask_start() or ask_stop() ...
 */
#ifndef TINYMX_NET_ASK_H
#define TINYMX_NET_ASK_H

#include "dns/message.h"
#include "tinymx/doctor.h"

/* 0; MX_ENOTSUP: this build has no resolver; MX_EINVAL: there is no server. */
int ask_check(void);

/* `query` stays where it is until there is an answer; its id is set here. `ask`
 * is stopped or all zeros. 0, MX_ENOMEM, MX_EENTROPY. */
int ask_start(struct mx_ask *ask, uint8_t *query, size_t len);

enum ask_state { ASK_WAIT, ASK_ANSWER, ASK_SILENT };
/* With ASK_ANSWER *m is what came, not parsed. */
enum ask_state ask_poll(struct mx_ask *ask, struct dns_message *m);

void ask_stop(struct mx_ask *ask);

/* Is the address of 4 or 16 octets one of these, or, if there are none, of an
 * interface? */
bool ask_is_own(const struct mx_names *addresses, const uint8_t *octets,
                size_t len);

#endif
