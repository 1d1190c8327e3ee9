/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/channel.h"

#include "net/conn.h"
#include "server/recent.h"
#include "util/assert.h"

const void *channel_in_buf(struct mx_session *s, size_t *len)
{
    return s->tls != NULL ? mx_tls_in_buf(s->tls, len)
                          : conn_in_buf(&s->conn, len);
}

void channel_in_ack(struct mx_session *s, size_t len)
{
    if (s->tls != NULL) {
        mx_tls_in_ack(s->tls, len);
    } else {
        conn_in_ack(&s->conn, len);
    }
}

void channel_return(struct mx_session *s)
{
    if (s->lent > 0) {
        channel_in_ack(s, s->lent);
        s->lent = 0;
    }
}

size_t channel_write(struct mx_session *s, const void *data, size_t len)
{
    return s->tls != NULL ? mx_tls_write(s->tls, data, len)
                          : conn_write(&s->conn, data, len);
}

bool channel_send(struct mx_session *s)
{
    size_t len;
    const void *out = mx_tls_out_buf(s->tls, &len);
    size_t sent = len > 0 ? conn_write(&s->conn, out, len) : 0;

    if (sent > 0) {
        mx_tls_out_ack(s->tls, sent);
    }
    return sent > 0;
}

static bool receive(struct mx_session *s)
{
    size_t len;
    const void *in = conn_in_buf(&s->conn, &len);
    size_t taken;

    if (len == 0) {
        return false;
    }
    taken = mx_tls_push(s->tls, in, len);
    conn_in_ack(&s->conn, taken);
    return taken > 0;
}

bool channel_pump(struct mx_session *s)
{
    bool out = channel_send(s);
    bool in = receive(s);

    return out || in;
}

bool channel_at_end(struct mx_session *s)
{
    if (s->tls != NULL) {
        if (conn_at_eof(&s->conn)) {
            mx_tls_push_eof(s->tls);
        }
        return mx_tls_state(s->tls) == MX_TLS_EOF ||
               mx_tls_state(s->tls) == MX_TLS_FAILED;
    }
    return conn_at_eof(&s->conn);
}

bool channel_sent(struct mx_session *s)
{
    size_t len = 0;

    if (s->tls != NULL) {
        (void)mx_tls_out_buf(s->tls, &len);
    }
    return len == 0;
}

/* Nobody has been waiting for a slot for longer. */
static bool is_next(const struct mx_server *srv, const struct mx_session *s)
{
    for (size_t i = 0; i < MX_SESSIONS; i++) {
        const struct mx_session *o = &srv->session[i];

        if (o != s && o->waiting &&
            (!s->waiting ||
             (int32_t)(o->deadline.since_ms - s->deadline.since_ms) < 0)) {
            return false;
        }
    }
    return true;
}

bool channel_start_tls(struct mx_server *srv, struct mx_session *s)
{
    MX_ASSERT(s->tls == NULL);
    if (srv->lend || srv->changing || !is_next(srv, s)) {
        return false;
    }
    for (size_t i = 0; i < srv->cfg.tls_sessions; i++) {
        if (srv->tls_taken[i]) {
            continue;
        }
        if (mx_tls_start(&srv->tls[i], &srv->tls_server) != 0) {
            return false;
        }
        srv->tls_taken[i] = true;
        s->tls = &srv->tls[i];
        srv->stats.tls_sessions++;
        if (srv->stats.tls_sessions > srv->stats.tls_sessions_peak) {
            srv->stats.tls_sessions_peak = srv->stats.tls_sessions;
        }
        return true;
    }
    return false;
}

void channel_end_tls(struct mx_server *srv, struct mx_session *s)
{
    if (s->tls != NULL) {
        recent_note(srv, s);
        mx_tls_end(s->tls);
        srv->tls_taken[s->tls - srv->tls] = false;
        srv->stats.tls_sessions--;
        s->tls = NULL;
    }
}
