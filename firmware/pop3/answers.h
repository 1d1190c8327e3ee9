/* SPDX-License-Identifier: BSD-3-Clause */
/* What an answer of the host leads to. */
#ifndef TINYMX_POP3_ANSWERS_H
#define TINYMX_POP3_ANSWERS_H

#include "tinymx/pop3.h"

/* Takes the answer to the question in s->ask: one that is but yes or no, or a
 * message that was found. */
void pop3_answers_take(struct mx_pop3 *s, enum mx_answer answer);
void pop3_answers_found(struct mx_pop3 *s);

#endif
