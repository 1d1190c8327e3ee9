/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Is this peer on a DNS block list (RFC 5782)?
 *
 * Asked as often as one likes: the first time sends a query, and a table keeps
 * what came of it. Nobody's mail waits for a resolver that does not answer: no
 * answer within MX_DNSBL_S, an error, or a table full of questions mean that
 * the peer is not listed, and the log says so.
 *
 * Needs a resolver (MX_DNS); without one the answer is always no.
 */
#ifndef TINYMX_NET_DNSBL_H
#define TINYMX_NET_DNSBL_H

#include "tinymx/server.h"

enum dnsbl_verdict { DNSBL_WAIT, DNSBL_CLEAN, DNSBL_LISTED };

/* `zone` is always the same. */
enum dnsbl_verdict dnsbl_ask(const struct mx_conn *c, const char *zone);

/* Is the zone one that can be asked: a domain name that fits, and a build with
 * a resolver? NULL, or a sentence that says what is wrong. */
const char *dnsbl_check(const char *zone);

#endif
