/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands. */
#ifndef TINYMX_POP3_VERBS_H
#define TINYMX_POP3_VERBS_H

#include "tinymx/pop3.h"

/* Runs the command line that is whole in the buffer. */
void pop3_verbs_run(struct mx_pop3 *s);

#endif
