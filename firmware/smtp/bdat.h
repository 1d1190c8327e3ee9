/* SPDX-License-Identifier: BSD-3-Clause */
/* BDAT: a message in counted chunks (RFC 3030). */
#ifndef TINYMX_SMTP_BDAT_H
#define TINYMX_SMTP_BDAT_H

#include "smtp/reply.h"

/* The argument of BDAT, where it may be given and where it may not. Sets
 * s->chunk and s->last: whatever the reply, that many bytes follow. */
enum smtp_reply smtp_bdat_parse(struct mx_smtp *s, struct mx_span arg);
enum smtp_reply smtp_bdat_stray(struct mx_smtp *s, struct mx_span arg);

/* The bytes of a chunk; returns how many were taken. */
size_t smtp_bdat_take(struct mx_smtp *s, const char *in, size_t len);
size_t smtp_bdat_skip(struct mx_smtp *s, const char *in, size_t len);

/* Ends a chunk that has all its bytes, or will have too many. */
void smtp_bdat_settle(struct mx_smtp *s);

#endif
