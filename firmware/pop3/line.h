/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines out of a stream of bytes. */
#ifndef TINYMX_POP3_LINE_H
#define TINYMX_POP3_LINE_H

#include "pop3/reply.h"

/* Takes bytes up to and including the CRLF that ends the line in s->buf;
 * returns how many. */
size_t pop3_line_take(struct mx_pop3 *s, const char *in, size_t len);

/* Is the line whole? */
bool pop3_line_whole(const struct mx_pop3 *s);

/* Takes the whole line, without its CRLF, away from the buffer, to be read
 * until the next reply is written. R_NONE, or what is wrong with it. */
enum pop3_reply pop3_line_get(struct mx_pop3 *s, struct mx_span *line);

#endif
