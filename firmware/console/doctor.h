/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TINYMX_CONSOLE_DOCTOR_H
#define TINYMX_CONSOLE_DOCTOR_H

#include "tinymx/console.h"
#include "tinymx/doctor.h"

/* The report, a turn at a time; it prints by itself: `cfg` need not have say().
 * MX_EAGAIN: it goes on; 0: it is over; else *why it could not begin. */
int console_doctor_start(struct mx_console *c, struct mx_doctor *d,
                         struct mx_doctor_config cfg, const char **why);
bool console_doctor_runs(const struct mx_doctor *d);
int console_doctor_go_on(struct mx_doctor *d);

#endif
