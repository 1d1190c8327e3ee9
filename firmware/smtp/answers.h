/* SPDX-License-Identifier: BSD-3-Clause */
/* What an answer of the host leads to. */
#ifndef TINYMX_SMTP_ANSWERS_H
#define TINYMX_SMTP_ANSWERS_H

#include "smtp/reply.h"

/* Takes the answer to the question in s->ask. */
void smtp_answers_take(struct mx_smtp *s, enum mx_answer answer);

#endif
