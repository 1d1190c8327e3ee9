/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/deadline.h"

#include "tinymx/port.h"

#define NO_LIMIT 0xffff

static uint32_t left_ms(uint32_t since_ms, uint16_t seconds)
{
    uint32_t gone = mx_port_now_ms() - since_ms;
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

static uint16_t patience(const struct mx_server *srv,
                         const struct mx_session *s)
{
    if (mx_smtp_in_body(&s->smtp)) {
        return srv->cfg.data_s;
    }
    return mx_smtp_helo(&s->smtp)[0] == '\0' ? srv->cfg.first_s
                                             : srv->cfg.command_s;
}

void deadline_touch(const struct mx_server *srv, struct mx_session *s)
{
    if (!s->ending) {
        deadline_set(s, patience(srv, s));
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
    s->deadline.waited_ms += mx_port_now_ms() - s->deadline.since_ms;
    s->deadline.heard += (uint32_t)len;
    deadline_touch(srv, s);
}

/* The first data_s seconds are a grace: until then that deadline is enough. */
static bool is_slow(const struct mx_server *srv, const struct mx_session *s)
{
    const struct mx_deadline *d = &s->deadline;
    uint32_t waited_s =
        (d->waited_ms + (mx_port_now_ms() - d->since_ms)) / 1000;

    return srv->cfg.min_rate != NO_LIMIT && !s->stalled &&
           mx_smtp_in_body(&s->smtp) && waited_s > srv->cfg.data_s &&
           d->heard < (uint64_t)waited_s * srv->cfg.min_rate;
}

/* --- all of them -------------------------------------------------------- */

static uint32_t session_left_ms(const struct mx_server *srv,
                                const struct mx_session *s)
{
    return srv->cfg.session_s != NO_LIMIT
               ? left_ms(s->deadline.began_ms, srv->cfg.session_s)
               : UINT32_MAX;
}

/* Our last words have their own time, which is short. */
enum deadline deadline_passed(const struct mx_server *srv,
                              const struct mx_session *s)
{
    if (left_ms(s->deadline.since_ms, s->deadline.seconds) == 0) {
        return DEADLINE_STEP;
    }
    if (!s->ending && session_left_ms(srv, s) == 0) {
        return DEADLINE_SESSION;
    }
    return !s->ending && is_slow(srv, s) ? DEADLINE_RATE : DEADLINE_LEFT;
}

uint32_t deadline_left_ms(const struct mx_server *srv,
                          const struct mx_session *s)
{
    uint32_t step_ms = left_ms(s->deadline.since_ms, s->deadline.seconds);
    uint32_t session_ms = s->ending ? UINT32_MAX : session_left_ms(srv, s);

    if (deadline_passed(srv, s) != DEADLINE_LEFT) {
        return 0;
    }
    return step_ms < session_ms ? step_ms : session_ms;
}
