/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session that gets nothing done is worth a slot to somebody who has come for
 * something else: to try us, to find out who lives here, to keep others out. So
 * it may make mistakes, and pass the time, only so often. What is beyond a limit
 * gets 421, which is no verdict on a message: a sender comes again and begins
 * with counts of zero.
 *
 * A count is a byte that stays at its top, and all of them are gone with the
 * rest of the struct after STARTTLS.
 */
#include "smtp/counts.h"

#include "smtp/state.h"

_Static_assert(MX_ERRORS_MAX < UINT8_MAX && MX_IDLE_MAX < UINT8_MAX &&
                   MX_UNKNOWN_MAX <= UINT8_MAX / 2,
               "a count would never get beyond its limit");

/* Is it, with this one, still within `max`? 0: there is no limit. */
static bool one_more(uint8_t *count, unsigned max)
{
    *count = (uint8_t)(*count + (*count < UINT8_MAX));
    return max == 0 || *count <= max;
}

/* Whoever asks for so many who are not here is reading names from a list:
 * slowly from now on, and not for long. */
static enum smtp_reply unknown(struct mx_smtp *s)
{
    unsigned max = s->cfg->max_unknown;

    if (one_more(&s->unknown, max)) {
        return R_NO_USER;
    }
    if (s->unknown > 2 * max) {
        return R_UNKNOWN_MAX;
    }
    s->hold = HOLD_SLOW;
    return R_NO_USER;
}

/* 5yz says that the peer was wrong, whatever it was about. */
static bool is_error(enum smtp_reply reply)
{
    return smtp_reply_text(reply)[0] == '5';
}

enum smtp_reply smtp_counts_reply(struct mx_smtp *s, enum smtp_reply reply)
{
    if (reply == R_ACCEPTED) {
        s->idle = 0;
    }
    if (reply == R_NO_USER) {
        return unknown(s);
    }
    return !is_error(reply) || one_more(&s->errors, s->cfg->max_errors)
               ? reply
               : R_ERROR_MAX;
}

enum smtp_reply smtp_counts_idle(struct mx_smtp *s)
{
    return one_more(&s->idle, s->cfg->max_idle) ? R_NONE : R_IDLE_MAX;
}
