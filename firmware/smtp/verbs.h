/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands. */
#ifndef TINYMX_SMTP_VERBS_H
#define TINYMX_SMTP_VERBS_H

#include "tinymx/smtp.h"

/* Runs the command line that is whole in the buffer. */
void smtp_verbs_run(struct mx_smtp *s);

#endif
