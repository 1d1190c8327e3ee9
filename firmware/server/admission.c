/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/admission.h"

#include "net/address.h"
#include "net/conn.h"
#include "net/listen.h"
#include "server/ending.h"
#include "server/peers.h"
#include "server/protocol.h"
#include "server/session.h"
#include "tinymx/pop3_server.h"
#include "util/log.h"

/* --- newcomers ---------------------------------------------------------- */

struct refusal {
    size_t counter; /* of struct mx_server_stats */
    const char *why;
    enum mx_refusal text;
};

static const struct refusal full = {offsetof(struct mx_server_stats, refused),
                                    "full", MX_REFUSE_FULL};
static const struct refusal too_often = {
    offsetof(struct mx_server_stats, refused_rate), "rate", MX_REFUSE_RATE};
static const struct refusal too_many = {
    offsetof(struct mx_server_stats, refused_peer), "peer", MX_REFUSE_PEER};
static const struct refusal readers = {
    offsetof(struct mx_server_stats, refused), "readers", MX_REFUSE_FULL};

/* Whoever expects a ServerHello cannot read a reply. */
static const char *refuse(struct mx_server *srv,
                          const struct admission_door *door,
                          const struct listen_newcomer *who,
                          const struct refusal *r)
{
    uint32_t *count = (uint32_t *)(void *)((char *)&srv->stats + r->counter);

    ++*count;
    log_begin(MX_LOG_WARN, "refused", 0);
    log_str("why", r->why);
    log_str("peer", who->text);
    log_end();
    return door->implicit ? "" : protocol_at(srv, door->pop3)->refusal(r->text);
}

/* Those who are on their way out do not count: a sender that quits and comes
 * again is one. */
static bool has_too_many(const struct mx_server *srv,
                         const struct mx_prefix *prefix)
{
    unsigned count = 0;
    struct mx_prefix other;

    for (size_t i = 0; i < srv->cfg.sessions; i++) {
        const struct mx_session *s = &srv->session[i];

        count += s->state != SESSION_FREE && s->state != SESSION_LEAVING &&
                 conn_prefix(&s->conn, &other) && address_same(&other, prefix);
    }
    return count >= srv->cfg.peer_sessions;
}

static struct mx_session *find_free(struct mx_server *srv)
{
    for (size_t i = 0; i < srv->cfg.sessions; i++) {
        if (srv->session[i].state == SESSION_FREE) {
            return &srv->session[i];
        }
    }
    return NULL;
}

/* The one that is idle for longest, and long enough, has to go. Nobody who may
 * be silent for command_s can be for 0xffff seconds: that is never. */
static struct mx_session *make_room(struct mx_server *srv)
{
    uint32_t longest_ms = srv->cfg.evict_s * 1000u;
    struct mx_session *found = NULL;

    for (size_t i = 0; i < srv->cfg.sessions; i++) {
        uint32_t idle_ms = ending_idle_ms(srv, &srv->session[i]);

        if (idle_ms >= longest_ms) {
            longest_ms = idle_ms;
            found = &srv->session[i];
        }
    }
    if (found != NULL) {
        ending_evict(srv, found);
    }
    return found;
}

/* Readers leave room for mail. */
static bool has_enough_readers(const struct mx_server *srv)
{
    return protocol_at(srv, true)->is_full(srv);
}

/* Asked again others of the same peer may have come in. */
static const struct refusal *objection(struct mx_server *srv,
                                       const struct admission_door *door,
                                       const struct listen_newcomer *who)
{
    if (!who->again && !peers_allow(&srv->peers, &who->prefix, PEERS_CONNECTION,
                                    srv->cfg.peer_connects)) {
        return &too_often;
    }
    if (door->pop3 && has_enough_readers(srv)) {
        return &readers;
    }
    return has_too_many(srv, &who->prefix) ? &too_many : NULL;
}

/* Asked from below lwIP nobody can be evicted yet. */
struct mx_conn *admission_place(struct mx_server *srv,
                                const struct admission_door *door,
                                const struct listen_newcomer *who,
                                const char **refusal)
{
    const struct refusal *no = objection(srv, door, who);
    struct mx_session *s = no == NULL ? find_free(srv) : NULL;

    if (no == NULL && s == NULL && who->again) {
        s = make_room(srv);
        no = s == NULL ? &full : NULL;
    }
    if (no != NULL) {
        *refusal = refuse(srv, door, who, no);
    }
    if (s == NULL) {
        return NULL;
    }
    session_begin(srv, s, door->pop3, door->implicit);
    return &s->conn;
}

static struct mx_conn *place_clear(void *ctx, const struct listen_newcomer *who,
                                   const char **refusal)
{
    static const struct admission_door door = {.pop3 = false};

    return admission_place(ctx, &door, who, refusal);
}

static struct mx_conn *place_implicit(void *ctx,
                                      const struct listen_newcomer *who,
                                      const char **refusal)
{
    static const struct admission_door door = {.implicit = true};

    return admission_place(ctx, &door, who, refusal);
}

static const struct listen_ops listen_clear = {.place = place_clear};
static const struct listen_ops listen_implicit = {.place = place_implicit};

bool admission_handshake(struct mx_server *srv, struct mx_session *s)
{
    struct mx_prefix who;

    if (!conn_prefix(&s->conn, &who) ||
        peers_allow(&srv->peers, &who, PEERS_HANDSHAKE,
                    srv->cfg.peer_handshakes)) {
        return true; /* nobody is there any more, or it is fine */
    }
    srv->stats.handshakes_refused++;
    log_event(MX_LOG_WARN, "tls-refused", s->id);
    return false;
}

/* --- listeners ---------------------------------------------------------- */

int admission_open(struct mx_server *srv)
{
    int err = listen_open(&srv->listener[0], srv->cfg.port, &listen_clear, srv);

    if (err == 0 && srv->cfg.tls_port != 0) {
        err = listen_open(&srv->listener[1], srv->cfg.tls_port,
                          &listen_implicit, srv);
    }
    if (err == 0 && srv->cfg.pop3 != NULL) {
        err = srv->cfg.pop3->protocol->open(srv);
    }
    return err;
}
