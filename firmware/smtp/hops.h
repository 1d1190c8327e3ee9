/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop guard: how many servers a message has passed (RFC 5321 6.3). */
#ifndef TINYMX_SMTP_HOPS_H
#define TINYMX_SMTP_HOPS_H

#include "smtp/state.h"

/* A message begins. */
void smtp_hops_begin(struct mx_smtp *s);

/* The next bytes of it, without the dots that are not part of it. */
void smtp_hops_scan(struct mx_smtp *s, struct mx_span body);

/* It has come round in a circle. */
bool smtp_hops_too_many(const struct mx_smtp *s);

#endif
