/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A peer that does not wait for the greeting, or for a reply that decides how
 * the session goes on, is no mail server: it plays a script, or somebody has
 * put commands into what it sends (RFC 2920 3.1, RFC 5321 4.3.1).
 *
 * Inside TLS what counts is plaintext. Records that cannot be read yet may be
 * anything, a close_notify for instance, and that is no offence behind QUIT.
 */
#include "server/manners.h"

#include "server/channel.h"
#include "server/delivery.h"
#include "server/ending.h"
#include "util/log.h"

static void hear(struct mx_server *srv, struct mx_session *s)
{
    size_t len;

    (void)channel_in_buf(s, &len);
    if (len > 0) {
        srv->stats.early++;
        log_event(MX_LOG_WARN, "early", s->id);
        delivery_abort(srv, s, "early");
        ending_say(srv, s, MX_WHY_EARLY);
    }
}

/* Whoever is held back costs a look at the clock now and then. */
static bool has_waited(struct mx_server *srv, struct mx_session *s)
{
    uint32_t now_ms = mx_port_now_ms();

    if (!s->held) {
        s->held_ms = now_ms;
        log_event(MX_LOG_INFO, "slow", s->id);
    }
    s->held = now_ms - s->held_ms < srv->cfg.slow_s * 1000ul;
    return !s->held;
}

bool manners_delay(struct mx_server *srv, struct mx_session *s, bool wanted)
{
    s->stalled = wanted && !has_waited(srv, s);
    return !s->stalled;
}

bool manners_allow(struct mx_server *srv, struct mx_session *s)
{
    if (mx_smtp_wants_silence(&s->smtp)) {
        hear(srv, s);
    }
    return manners_delay(srv, s, mx_smtp_wants_delay(&s->smtp));
}

void manners_reset(struct mx_session *s)
{
    s->held = false;
    s->held_ms = 0;
}
