/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of a command line, and the ESMTP parameters of MAIL and RCPT. */
#ifndef TINYMX_SMTP_PARAM_H
#define TINYMX_SMTP_PARAM_H

#include "smtp/reply.h"

/* Takes the next word and the blanks around it from *line; empty at the end. */
struct mx_span smtp_word_next(struct mx_span *line);

/* Equal, without regard to case? `text` is in capitals. */
bool smtp_word_is(struct mx_span word, const char *text);

/* A decimal number that fits *n? */
bool smtp_word_number(struct mx_span word, uint32_t *n);

/* The parameters of MAIL: sets s->flags and s->size. R_NONE, or what is wrong
 * with them. */
enum smtp_reply smtp_param_mail(struct mx_smtp *s, struct mx_span line);

#endif
