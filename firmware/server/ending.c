/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/ending.h"

#include "net/conn.h"
#include "server/channel.h"
#include "server/deadline.h"
#include "server/protocol.h"
#include "server/recent.h"
#include "tinymx/port.h"
#include "util/log.h"

/* What a peer may still send after our last reply before it is cut off. */
#define DRAIN_MAX (64ul * 1024)

/* --- going -------------------------------------------------------------- */

/* Nothing more is parsed: what is on its way out goes, then our FIN. */
void ending_leave(struct mx_server *srv, struct mx_session *s, const char *why)
{
    protocol_of(srv, s)->abandon(srv, s, why);
    channel_return(s);
    s->state = SESSION_LEAVING;
    s->waiting = false;
    s->stalled = false;
    s->ending = true;
    deadline_set(s, srv->cfg.linger_s);
    log_begin(MX_LOG_INFO, "leave", s->id);
    log_str("why", why);
    log_end();
}

/* 421 and the reason, as far as that can still be said, is the last of it. */
void ending_say(struct mx_server *srv, struct mx_session *s, enum mx_why why)
{
    protocol_of(srv, s)->end(s, why);
    s->ending = true;
    deadline_set(s, srv->cfg.linger_s);
}

void ending_free(struct mx_server *srv, struct mx_session *s)
{
    protocol_of(srv, s)->abandon(srv, s, "lost");
    if (s->state == SESSION_HANDSHAKE) {
        srv->stats.handshakes_failed++;
    }
    channel_end_tls(srv, s);
    recent_note(srv, s);
    log_event(MX_LOG_DEBUG, "free", s->id);
    s->state = SESSION_FREE;
    s->waiting = false;
    srv->stats.sessions--;
}

bool ending_step(struct mx_server *srv, struct mx_session *s)
{
    bool moved = false;
    size_t n;

    if (s->tls != NULL) {
        mx_tls_close(s->tls);
        moved = channel_send(s);
        if (!channel_sent(s)) {
            return moved;
        }
        channel_end_tls(srv, s); /* somebody may be waiting for it */
    }
    conn_shut(&s->conn);
    n = conn_in_pending(&s->conn);
    conn_in_ack(&s->conn, n);
    s->drained += (uint32_t)n;
    if (s->drained > DRAIN_MAX) {
        conn_abort(&s->conn);
    } else if (conn_at_eof(&s->conn)) {
        conn_close(&s->conn);
    }
    return false; /* lost now, or waiting for the FIN */
}

/* --- ends that are not the peer's idea ---------------------------------- */

static enum mx_why why_expired(struct mx_server *srv,
                               const struct mx_session *s)
{
    switch (deadline_passed(srv, s)) {
    case DEADLINE_RATE:
        srv->stats.too_slow++;
        return MX_WHY_SLOW;
    case DEADLINE_SESSION:
        srv->stats.too_long++;
        return MX_WHY_LONG;
    default:
        return s->waiting ? MX_WHY_BUSY : MX_WHY_TIMEOUT;
    }
}

static void expire(struct mx_server *srv, struct mx_session *s)
{
    static const char *const words[] = {
        [MX_WHY_TIMEOUT] = "silent",
        [MX_WHY_BUSY] = "tls-wait",
        [MX_WHY_SLOW] = "slow",
        [MX_WHY_LONG] = "long",
    };
    bool talking = s->state == SESSION_CLEAR || s->state == SESSION_TLS;
    enum mx_why why = why_expired(srv, s);

    srv->stats.timeouts++;
    log_begin(MX_LOG_INFO, "timeout", s->id);
    log_str("why", words[why]);
    log_u32("seconds", (mx_port_now_ms() - s->deadline.since_ms) / 1000);
    log_end();
    if (!talking || s->ending) {
        conn_abort(&s->conn);
        ending_free(srv, s);
        return;
    }
    protocol_of(srv, s)->abandon(srv, s, "timeout");
    ending_say(srv, s, why);
    s->waiting = false;
}

void ending_expire(struct mx_server *srv, struct mx_session *s)
{
    if (s->state != SESSION_GREETING) { /* there it is our time that is over */
        expire(srv, s);
    }
}

uint32_t ending_idle_ms(const struct mx_server *srv, const struct mx_session *s)
{
    bool talking = s->state == SESSION_CLEAR || s->state == SESSION_TLS;

    if (s->state == SESSION_LEAVING && s->tls == NULL) {
        return UINT32_MAX;
    }
    return talking && !s->ending && protocol_of(srv, s)->is_idle(s)
               ? mx_port_now_ms() - s->deadline.since_ms
               : 0;
}

void ending_evict(struct mx_server *srv, struct mx_session *s)
{
    if (s->state != SESSION_LEAVING) {
        srv->stats.evicted++;
        log_event(MX_LOG_INFO, "evicted", s->id);
        ending_say(srv, s, MX_WHY_EVICTED);
        (void)session_run(srv, s);
    }
    if (s->state != SESSION_FREE) {
        conn_see_off(&s->conn);
        ending_free(srv, s);
    }
}

void ending_stop(struct mx_server *srv, struct mx_session *s)
{
    protocol_of(srv, s)->abandon(srv, s, "shutdown");
    if (s->state == SESSION_GREETING) {
        s->state = SESSION_CLEAR; /* 421 takes the place of the greeting */
    }
    if (s->state == SESSION_CLEAR || s->state == SESSION_TLS) {
        if (!s->ending) {
            protocol_of(srv, s)->end(s, MX_WHY_SHUTDOWN);
        }
        s->ending = true;
        (void)session_run(srv, s);
    }
    if (s->state != SESSION_FREE) {
        conn_in_ack(&s->conn, conn_in_pending(&s->conn));
        conn_close(&s->conn);
        ending_free(srv, s);
    }
}
