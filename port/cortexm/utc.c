/* SPDX-License-Identifier: BSD-3-Clause */
#include "utc.h"

#include "tinymx/port.h"

#include <stdbool.h>

/* The difference is right across the wrap, and taken before there is another. */
static void catch_up(struct utc *u)
{
    uint32_t now = mx_port_now_ms();

    u->ms += now - u->at_ms;
    u->at_ms = now;
}

int64_t utc_set(struct utc *u, int64_t ms)
{
    bool known = u->ms != 0;
    int64_t step_ms;

    catch_up(u);
    step_ms = ms - u->ms;
    u->ms = ms;
    return known ? step_ms / 1000 : 0;
}

int64_t utc_s(struct utc *u)
{
    int64_t now_s;

    if (u->ms == 0) {
        return 0;
    }
    catch_up(u);
    now_s = u->ms / 1000;
    if (now_s > u->said_s || u->said_s - now_s > UTC_HOLD_S) {
        u->said_s = now_s;
    }
    return u->said_s;
}
