/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The time of day of a device without a calendar chip: what it was told last,
 * and the milliseconds since.
 *
 *     told      ├────── mx_port_now_ms() ──────►┤ now
 *
 * It does not go back for a correction of UTC_HOLD_S at most: it stands still
 * until the time has caught up. One beyond that was wrong, and it steps.
 */
#ifndef TINYMX_CORTEXM_UTC_H
#define TINYMX_CORTEXM_UTC_H

#include <stdint.h>

#define UTC_HOLD_S 60

/* Zeros: not known. */
struct utc {
    int64_t ms;     /* since 1970, when the clock showed at_ms */
    int64_t said_s; /* what utc_s() returned last */
    uint32_t at_ms;
};

/* It is so many milliseconds since 1970. By how many seconds that differs from
 * what it would have said; 0 the first time. */
int64_t utc_set(struct utc *u, int64_t ms);

/* Seconds since 1970; 0: not known. To be called once in 49 days, in which
 * mx_port_now_ms() comes round. */
int64_t utc_s(struct utc *u);

#endif
