/* SPDX-License-Identifier: BSD-3-Clause */
/* What a session may do only so often. */
#ifndef TINYMX_SMTP_COUNTS_H
#define TINYMX_SMTP_COUNTS_H

#include "smtp/reply.h"

/* Counts what a reply stands for, right before it is said; returns it, or the
 * one that ends the session. */
enum smtp_reply smtp_counts_reply(struct mx_smtp *s, enum smtp_reply reply);

/* Counts a command that gets no mail delivered; R_NONE, or the reply that ends
 * the session. */
enum smtp_reply smtp_counts_idle(struct mx_smtp *s);

#endif
