/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines out of a stream of bytes. */
#ifndef TINYMX_SMTP_LINE_H
#define TINYMX_SMTP_LINE_H

#include "smtp/reply.h"

/* Takes bytes up to and including the CRLF that ends the line in s->buf;
 * returns how many. */
size_t smtp_line_take(struct mx_smtp *s, const char *in, size_t len);

/* Is the line whole? */
bool smtp_line_whole(const struct mx_smtp *s);

/* Takes the whole line away from the buffer, to be read until the next reply is
 * written: without its CRLF and the white space in front of that (RFC 5321
 * 4.1.1). R_NONE, or what is wrong with it. */
enum smtp_reply smtp_line_get(struct mx_smtp *s, struct mx_span *line);

#endif
