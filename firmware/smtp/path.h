/* SPDX-License-Identifier: BSD-3-Clause */
/* Reverse-path and forward-path, and the name a client gives itself (RFC 5321
 * 4.1.2, 4.1.3; RFC 6531 3.3). */
#ifndef TINYMX_SMTP_PATH_H
#define TINYMX_SMTP_PATH_H

#include "tinymx/mail.h"

/*
 * Reads "<...>" from the beginning of *in and takes it away from there. A byte
 * beyond ASCII is allowed wherever RFC 6531 allows UTF-8; whether it may be
 * there at all, and is UTF-8, is for smtp_path_charset() to say.
 * False: not a path. "<>" is one, with everything empty.
 */
bool smtp_path_parse(struct mx_span *in, struct mx_path *path);

/* Reads "<Postmaster>", in any case, in the same way. */
bool smtp_path_postmaster(struct mx_span *in, struct mx_path *path);

/* Is it, all of it, a Mailbox (then *path is that), a Domain? */
bool smtp_path_is_mailbox(struct mx_span text, struct mx_path *path);
bool smtp_path_is_domain(struct mx_span text);

enum smtp_charset { CHARSET_ASCII, CHARSET_UTF8, CHARSET_NEITHER };
enum smtp_charset smtp_path_charset(struct mx_span text);

/* Is it what may follow EHLO: a domain or an address literal? What hostnames
 * are like in the wild is let through: underscores, a last dot. */
bool smtp_path_is_helo(struct mx_span name);

#endif
