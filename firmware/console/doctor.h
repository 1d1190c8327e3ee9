/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TINYMX_CONSOLE_DOCTOR_H
#define TINYMX_CONSOLE_DOCTOR_H

#include "tinymx/console.h"
#include "tinymx/doctor.h"

/* A turn of the report; the first, of a doctor that is stopped, starts it. Prints
 * by itself: `cfg` need not have say(). MX_EAGAIN: it goes on; 0: it is over;
 * else *why it could not begin. */
int console_doctor(struct mx_console *c, struct mx_doctor *d,
                   struct mx_doctor_config cfg, const char **why);

#endif
