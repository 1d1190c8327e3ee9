/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/session.h"

#include "net/conn.h"
#include "net/dnsbl.h"
#include "server/admission.h"
#include "server/channel.h"
#include "server/deadline.h"
#include "server/ending.h"
#include "server/manners.h"
#include "server/protocol.h"
#include "util/assert.h"
#include "util/log.h"

#include <string.h>

/* Steps of one session before the others get their turn. */
#define TURN 64

/* --- going from state to state ------------------------------------------ */

void session_begin(struct mx_server *srv, struct mx_session *s, bool pop3,
                   bool implicit)
{
    memset(s, 0, sizeof *s);
    s->id = ++srv->last_id;
    s->msg = -1;
    s->pop3 = pop3;
    s->implicit = implicit;
    s->state = SESSION_NEW;
    deadline_begin(s);
    deadline_set(s, srv->cfg.first_s);
    srv->stats.connections++;
    srv->stats.sessions++;
    if (srv->stats.sessions > srv->stats.sessions_peak) {
        srv->stats.sessions_peak = srv->stats.sessions;
    }
}

static void begin_handshake(struct mx_server *srv, struct mx_session *s)
{
    s->state = SESSION_HANDSHAKE;
    s->waiting = false;
    deadline_set(s, srv->cfg.handshake_s);
}

/* The airlock's inner door: the engine, and with it all that was heard in
 * clear, is made anew (RFC 3207 4.2). */
static void enter_tls(struct mx_server *srv, struct mx_session *s)
{
    const struct mx_tls_facts *facts = mx_tls_facts(s->tls);

    manners_reset(s);
    protocol_of(srv, s)->begin(srv, s, facts, s->implicit);
    s->state = SESSION_TLS;
    srv->stats.handshakes++;
    deadline_touch(srv, s);
    log_begin(MX_LOG_INFO, "tls", s->id);
    log_str("version", facts->version);
    log_str("cipher", facts->cipher);
    log_u32("resumed", facts->resumed);
    if (srv->cfg.client_ca != NULL) {
        log_text("client", facts->client_verified ? "good" : facts->client);
    }
    log_end();
}

static void tls_failed(struct mx_server *srv, struct mx_session *s)
{
    log_begin(MX_LOG_WARN, "tls-failed", s->id);
    log_int("code", mx_tls_error(s->tls));
    log_text("error", mx_tls_error_text(s->tls));
    log_end();
    ending_leave(srv, s, "tls-failed");
}

/* --- the conversation --------------------------------------------------- */

/* STARTTLS. The engine takes nothing until it is answered, so whatever is
 * there now was sent behind the command, before our 220: in a proper session
 * there is nothing (RFC 3207 4; the command injection of CVE-2011-0411). */
static bool ask_starttls(struct mx_server *srv, struct mx_session *s)
{
    const struct mx_protocol *protocol = protocol_of(srv, s);

    if (conn_in_pending(&s->conn) > 0) {
        srv->stats.breaches++;
        s->waiting = false;
        log_event(MX_LOG_WARN, "breach", s->id);
        protocol->answer_tls(s, MX_BREACH);
        return true;
    }
    if (conn_at_eof(&s->conn)) {
        ending_leave(srv, s, "eof");
        return true;
    }
    if (!s->waiting && !admission_handshake(srv, s)) {
        ending_say(srv, s, MX_WHY_HANDSHAKES);
        return true;
    }
    if (channel_start_tls(srv, s)) {
        s->state = SESSION_STARTING;
        s->waiting = false;
        protocol->answer_tls(s, MX_YES);
        deadline_set(s, srv->cfg.handshake_s);
        return true;
    }
    if (!s->waiting) {
        s->waiting = true;
        srv->stats.tls_waits++;
        deadline_set(s, srv->cfg.tls_wait_s);
        log_event(MX_LOG_INFO, "tls-wait", s->id);
    }
    return false;
}

static bool answer(struct mx_server *srv, struct mx_session *s,
                   const struct mx_protocol *protocol, enum protocol_ask ask)
{
    if (ask == PROTOCOL_TLS) {
        return ask_starttls(srv, s);
    }
    if (ask == PROTOCOL_CLOSE) {
        ending_leave(srv, s, "closed");
        return true;
    }
    if (protocol->answer(srv, s)) {
        deadline_touch(srv, s);
        return true;
    }
    return false;
}

static bool speak(struct mx_server *srv, struct mx_session *s,
                  const struct mx_protocol *protocol)
{
    const void *out;
    size_t len, n;

    if (!protocol->may_speak(srv, s)) {
        return false;
    }
    out = protocol->out_buf(s, &len);
    n = channel_write(s, out, len);
    if (n > 0) {
        protocol->out_ack(s, n);
        deadline_touch(srv, s);
        return true;
    }
    if (s->tls != NULL && mx_tls_state(s->tls) == MX_TLS_EOF) {
        ending_leave(srv, s, "eof"); /* nobody can be told any more */
        return true;
    }
    return false;
}

/* The engine would listen, and there is nothing: will there ever be? */
static bool end_of_input(struct mx_server *srv, struct mx_session *s)
{
    if (!channel_at_end(s)) {
        return false;
    }
    if (s->tls != NULL && mx_tls_state(s->tls) == MX_TLS_FAILED) {
        tls_failed(srv, s);
    } else {
        ending_leave(srv, s, "eof");
    }
    return true;
}

static bool listen(struct mx_server *srv, struct mx_session *s,
                   const struct mx_protocol *protocol)
{
    size_t len;
    const void *in = channel_in_buf(s, &len);
    bool in_body = protocol->in_body(s);

    if (len == 0) {
        return end_of_input(srv, s);
    }
    s->lent = protocol->push(s, in, len);
    MX_ASSERT(s->lent > 0 && s->lent <= len);
    if (in_body) {
        deadline_heard(srv, s, s->lent);
    }
    return true;
}

/* The loop of smtp.h, one turn of it. */
static bool converse(struct mx_server *srv, struct mx_session *s)
{
    const struct mx_protocol *protocol = protocol_of(srv, s);
    enum protocol_ask ask = protocol->ask(s);
    size_t len;

    if (s->lent > 0 && ask != PROTOCOL_BODY) {
        channel_return(s); /* a step of its own: it makes room for more */
        return true;
    }
    if (ask != PROTOCOL_NONE) { /* then it has nothing to say */
        return answer(srv, s, protocol, ask);
    }
    (void)protocol->out_buf(s, &len);
    if (len > 0) {
        return speak(srv, s, protocol);
    }
    return listen(srv, s, protocol);
}

/* --- one step of each state: did anything move? ------------------------- */

/* Whoever expects a ServerHello cannot be told why not. */
static void begin_implicit(struct mx_server *srv, struct mx_session *s)
{
    if (!admission_handshake(srv, s)) {
        ending_leave(srv, s, "tls-refused");
        return;
    }
    s->state = SESSION_WAITING;
    s->waiting = true;
    deadline_set(s, srv->cfg.tls_wait_s);
}

static bool step_new(struct mx_server *srv, struct mx_session *s)
{
    log_begin(MX_LOG_INFO, "connect", s->id);
    log_str("peer", s->conn.peer);
    log_u32("port", s->conn.peer_port);
    log_str("tls", s->implicit ? "implicit" : "starttls");
    if (s->pop3) {
        log_str("protocol", "pop3");
    }
    log_end();
    if (srv->cfg.dnsbl != NULL && !s->pop3) { /* the answer is wanted at MAIL */
        (void)dnsbl_ask(&s->conn, srv->cfg.dnsbl);
    }
    if (s->implicit) {
        begin_implicit(srv, s);
    } else {
        s->state = SESSION_GREETING;
        protocol_of(srv, s)->begin(srv, s, NULL, true);
        deadline_set(s, srv->cfg.greet_s);
    }
    return true;
}

/* Who waits for the greeting may be a mail server (RFC 5321 3.1). Who has
 * spoken before it is none, and there is nothing left to wait for. */
static bool greeting_may_go(const struct mx_server *srv,
                            const struct mx_session *s)
{
    return deadline_passed(srv, s) != DEADLINE_LEFT ||
           conn_in_pending(&s->conn) > 0;
}

static bool step_greeting(struct mx_server *srv, struct mx_session *s)
{
    if (greeting_may_go(srv, s)) {
        s->state = SESSION_CLEAR;
        deadline_touch(srv, s);
    } else if (conn_at_eof(&s->conn)) {
        ending_leave(srv, s, "eof");
    } else {
        return false;
    }
    return true;
}

/* The 220 goes out in clear; not a byte comes in. */
static bool step_starting(struct mx_server *srv, struct mx_session *s)
{
    const struct mx_protocol *protocol = protocol_of(srv, s);
    size_t len;
    const void *out = protocol->out_buf(s, &len);

    if (len == 0) {
        begin_handshake(srv, s);
        return true;
    }
    len = conn_write(&s->conn, out, len);
    protocol->out_ack(s, len);
    return len > 0;
}

static bool step_waiting(struct mx_server *srv, struct mx_session *s)
{
    if (conn_at_eof(&s->conn)) {
        ending_leave(srv, s, "eof");
    } else if (channel_start_tls(srv, s)) {
        begin_handshake(srv, s);
    } else {
        return false;
    }
    return true;
}

static bool step_handshake(struct mx_server *srv, struct mx_session *s)
{
    bool moved = channel_pump(s);

    if (mx_tls_state(s->tls) == MX_TLS_OPEN) {
        enter_tls(srv, s);
        return true;
    }
    if (mx_tls_state(s->tls) != MX_TLS_HANDSHAKE ||
        (!moved && channel_at_end(s))) {
        srv->stats.handshakes_failed++;
        tls_failed(srv, s);
        return true;
    }
    return moved;
}

static bool step_tls(struct mx_server *srv, struct mx_session *s)
{
    bool moved = channel_pump(s);

    if (mx_tls_state(s->tls) == MX_TLS_FAILED) {
        tls_failed(srv, s);
        return true;
    }
    return converse(srv, s) || moved;
}

static bool step(struct mx_server *srv, struct mx_session *s)
{
    static bool (*const steps[SESSION_STATES])(struct mx_server *,
                                               struct mx_session *) = {
        [SESSION_NEW] = step_new,         [SESSION_GREETING] = step_greeting,
        [SESSION_CLEAR] = converse,       [SESSION_STARTING] = step_starting,
        [SESSION_WAITING] = step_waiting, [SESSION_HANDSHAKE] = step_handshake,
        [SESSION_TLS] = step_tls,         [SESSION_LEAVING] = ending_step,
    };

    return steps[s->state](srv, s);
}

bool session_run(struct mx_server *srv, struct mx_session *s)
{
    int turn = 0;

    while (!conn_lost(&s->conn) && step(srv, s)) {
        if (++turn == TURN) {
            break;
        }
    }
    conn_flush(&s->conn);
    if (conn_lost(&s->conn)) {
        conn_close(&s->conn);
        ending_free(srv, s);
        return false;
    }
    return turn == TURN;
}
