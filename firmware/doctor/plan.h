/* SPDX-License-Identifier: BSD-3-Clause */
/* What is asked, in which order. */
#ifndef TINYMX_DOCTOR_PLAN_H
#define TINYMX_DOCTOR_PLAN_H

#include "dns/message.h"
#include "tinymx/doctor.h"

/* The first question, in d->text.query: its length. 0: there is no domain. */
size_t plan_first(struct mx_doctor *d);

/* Judges the answer, or NULL for silence, and makes the next question. 0: it is
 * over, and that was said. */
size_t plan_next(struct mx_doctor *d, struct dns_message *answer);

/* The last line, and one in front of it that says why, or NULL. */
void plan_end(struct mx_doctor *d, const char *why);

#endif
