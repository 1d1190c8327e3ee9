/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of the report. One at a time: it lies where the query was. */
#ifndef TINYMX_DOCTOR_SAY_H
#define TINYMX_DOCTOR_SAY_H

#include "dns/message.h"
#include "tinymx/doctor.h"

/* Begins a line with nothing, the MX name or the domain, and ": ". */
struct fmt say(struct mx_doctor *d);
struct fmt say_mx(struct mx_doctor *d);
struct fmt say_domain(struct mx_doctor *d);
/* The same for something that a sender stumbles over. */
struct fmt say_fault(struct mx_doctor *d);
struct fmt say_mx_fault(struct mx_doctor *d);
struct fmt say_domain_fault(struct mx_doctor *d);

/* Ends it. */
void said(struct mx_doctor *d, struct fmt *f, const char *text);

void say_address(struct fmt *f, const struct mx_doctor_address *a);

#endif
