/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/deadline.h"

#include "server/protocol.h"
#include "tinymx/port.h"

#define NO_LIMIT 0xffff

/* The clock is read once for all that is asked about an instant. */
static uint32_t left_ms(uint32_t now_ms, uint32_t since_ms, uint16_t seconds)
{
    uint32_t gone = now_ms - since_ms;
    uint32_t all = seconds * 1000u;

    return gone < all ? all - gone : 0;
}

void deadline_begin(struct mx_session *s)
{
    s->deadline.began_ms = mx_port_now_ms();
}

void deadline_set(struct mx_session *s, uint16_t seconds)
{
    s->deadline.since_ms = mx_port_now_ms();
    s->deadline.seconds = seconds;
}

void deadline_touch(const struct mx_server *srv, struct mx_session *s)
{
    if (!s->ending) {
        deadline_set(s, protocol_of(srv, s)->patience(srv, s));
    }
}

/* --- the rate of a message ---------------------------------------------- */

void deadline_message(struct mx_session *s)
{
    s->deadline.waited_ms = 0;
    s->deadline.heard = 0;
}

void deadline_heard(const struct mx_server *srv, struct mx_session *s,
                    size_t len)
{
    uint32_t since_ms = s->deadline.since_ms;

    deadline_touch(srv, s);
    s->deadline.waited_ms += s->deadline.since_ms - since_ms;
    s->deadline.heard += (uint32_t)len;
}

/* The first data_s seconds are a grace: until then that deadline is enough. */
static bool is_slow(const struct mx_server *srv, const struct mx_session *s,
                    uint32_t now_ms)
{
    const struct mx_deadline *d = &s->deadline;
    uint32_t waited_ms = d->waited_ms + (now_ms - d->since_ms);

    return waited_ms / 1000 > srv->cfg.data_s &&
           srv->cfg.min_rate != NO_LIMIT && !s->stalled &&
           protocol_of(srv, s)->in_body(s) &&
           d->heard < (uint64_t)(waited_ms / 1000) * srv->cfg.min_rate;
}

/* --- all of them -------------------------------------------------------- */

static uint32_t step_left_ms(const struct mx_session *s, uint32_t now_ms)
{
    return left_ms(now_ms, s->deadline.since_ms, s->deadline.seconds);
}

/* Our last words have their own time, which is short. */
static uint32_t session_left_ms(const struct mx_server *srv,
                                const struct mx_session *s, uint32_t now_ms)
{
    return !s->ending && srv->cfg.session_s != NO_LIMIT
               ? left_ms(now_ms, s->deadline.began_ms, srv->cfg.session_s)
               : UINT32_MAX;
}

static enum deadline passed(const struct mx_server *srv,
                            const struct mx_session *s, uint32_t now_ms)
{
    if (step_left_ms(s, now_ms) == 0) {
        return DEADLINE_STEP;
    }
    if (session_left_ms(srv, s, now_ms) == 0) {
        return DEADLINE_SESSION;
    }
    return !s->ending && is_slow(srv, s, now_ms) ? DEADLINE_RATE
                                                 : DEADLINE_LEFT;
}

enum deadline deadline_passed(const struct mx_server *srv,
                              const struct mx_session *s)
{
    return passed(srv, s, mx_port_now_ms());
}

uint32_t deadline_left_ms(const struct mx_server *srv,
                          const struct mx_session *s)
{
    uint32_t now_ms = mx_port_now_ms();
    uint32_t step_ms = step_left_ms(s, now_ms);
    uint32_t session_ms = session_left_ms(srv, s, now_ms);

    if (passed(srv, s, now_ms) != DEADLINE_LEFT) {
        return 0;
    }
    return step_ms < session_ms ? step_ms : session_ms;
}
