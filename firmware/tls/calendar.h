/* SPDX-License-Identifier: BSD-3-Clause */
/* Dates of certificates: the Gregorian calendar, UTC, from 1970 to 9999. */
#ifndef TINYMX_TLS_CALENDAR_H
#define TINYMX_TLS_CALENDAR_H

#include <stdint.h>

struct calendar {
    int year, month, day, hour, minute, second; /* month and day from 1 */
};

int64_t calendar_to_s(const struct calendar *c);
void calendar_from_s(int64_t s, struct calendar *c);

#endif
