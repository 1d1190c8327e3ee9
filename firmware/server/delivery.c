/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/delivery.h"

#include "net/dnsbl.h"
#include "server/deadline.h"
#include "tinymx/err.h"
#include "util/assert.h"
#include "util/log.h"

#include <string.h>

/* No answer yet: beside the values of enum mx_answer. */
#define NOT_YET (-1)

static enum mx_answer answer_of(int err)
{
    switch (err) {
    case MX_ENOSPC:
        return MX_FULL;
    case MX_E2BIG:
        return MX_TOO_BIG;
    case MX_EREFUSED:
        return MX_NO;
    default:
        return MX_LATER;
    }
}

static const char *word(enum mx_answer a)
{
    static const char *const words[MX_ANSWERS] = {
        [MX_YES] = "yes",         [MX_NO] = "no",
        [MX_NO_USER] = "no-user", [MX_NO_RELAY] = "no-relay",
        [MX_BLOCKED] = "blocked", [MX_TOO_BIG] = "too-big",
        [MX_LATER] = "later",     [MX_FULL] = "full",
        [MX_BUSY] = "busy",       [MX_BREACH] = "breach",
    };

    return words[a];
}

/* A decision is no failure. */
static void log_error(struct mx_session *s, const char *op, int err)
{
    bool decided = err == MX_EREFUSED || err == MX_ELATER;

    log_begin(decided ? MX_LOG_INFO : MX_LOG_ERROR, "sink", s->id);
    log_str("op", op);
    log_text("error", mx_strerror(err));
    log_end();
}

static void describe(struct mx_server *srv, struct mx_session *s)
{
    struct mx_envelope *env = &s->env;

    *env = (struct mx_envelope){
        .id = ++srv->last_id,
        .mx_name = srv->cfg.mx_name,
        .peer = s->conn.peer,
        .helo = mx_smtp_helo(&s->smtp),
        .protocol = mx_smtp_protocol(&s->smtp),
        .tls = s->tls != NULL ? mx_tls_facts(s->tls) : NULL,
        .reverse_path = *mx_smtp_path(&s->smtp),
        .size = mx_smtp_size(&s->smtp),
        .flags = mx_smtp_flags(&s->smtp),
        .time_s = mx_port_time_s(),
    };
}

static enum dnsbl_verdict on_block_list(struct mx_server *srv,
                                        struct mx_session *s)
{
    return srv->cfg.dnsbl != NULL ? dnsbl_ask(&s->conn, srv->cfg.dnsbl)
                                  : DNSBL_CLEAN;
}

/* NOT_YET, or an enum mx_answer. */
static int open_message(struct mx_server *srv, struct mx_session *s)
{
    int msg = srv->cfg.sink->open(srv->cfg.sink, &s->env);

    if (msg == MX_EAGAIN) {
        return NOT_YET;
    }
    if (msg < 0) {
        log_error(s, "open", msg);
        return (int)answer_of(msg);
    }
    s->msg = msg;
    s->octets = 0;
    s->rcpts = 0;
    deadline_message(s);
    return MX_YES;
}

/* The owner's policy is not asked about a peer that is on the block list. */
static int ask_mail(struct mx_server *srv, struct mx_session *s)
{
    enum dnsbl_verdict verdict = on_block_list(srv, s);
    int a = MX_BLOCKED;

    MX_ASSERT(s->msg < 0);
    if (verdict == DNSBL_WAIT) {
        return NOT_YET;
    }
    describe(srv, s);
    if (verdict == DNSBL_CLEAN) {
        a = (int)srv->cfg.policy->mail(srv->cfg.policy, &s->env);
    }
    if (a == MX_YES) {
        a = open_message(srv, s);
    }
    if (a == NOT_YET) {
        return a;
    }
    srv->stats.blocked += a == MX_BLOCKED;
    log_begin(MX_LOG_INFO, "mail", s->id);
    log_u32("msg", s->env.id);
    log_peer("from", s->env.reverse_path.text);
    log_u32("size", s->env.size);
    log_str("answer", word((enum mx_answer)a));
    log_end();
    /* The path was lent until the answer. */
    memset(&s->env.reverse_path, 0, sizeof s->env.reverse_path);
    return a;
}

static int ask_rcpt(struct mx_server *srv, struct mx_session *s)
{
    const struct mx_path *path = mx_smtp_path(&s->smtp);
    enum mx_answer a = srv->cfg.policy->rcpt(srv->cfg.policy, path);

    if (a == MX_YES) {
        int err = srv->cfg.sink->rcpt(srv->cfg.sink, s->msg, path);

        if (err == MX_EAGAIN) {
            return NOT_YET;
        }
        if (err < 0) {
            log_error(s, "rcpt", err);
            a = answer_of(err);
        }
    }
    if (a == MX_YES) {
        s->rcpts++;
    } else {
        srv->stats.rcpts_refused++;
    }
    log_begin(MX_LOG_INFO, "rcpt", s->id);
    log_u32("msg", s->env.id);
    log_peer("to", path->text);
    log_str("answer", word(a));
    log_end();
    return (int)a;
}

/* Writes `*left`, as far as the sink takes it: MX_YES: all of it. */
static int write_some(struct mx_server *srv, struct mx_session *s,
                      struct mx_span *left)
{
    while (left->len > 0) {
        int n =
            srv->cfg.sink->write(srv->cfg.sink, s->msg, left->ptr, left->len);

        if (n == MX_EAGAIN) {
            return NOT_YET;
        }
        if (n < 0) {
            log_error(s, "write", n);
            delivery_abort(srv, s, "sink");
            return (int)answer_of(n);
        }
        MX_ASSERT(n > 0 && (size_t)n <= left->len);
        left->ptr += n;
        left->len -= (size_t)n;
    }
    return MX_YES;
}

/* The message begins: our Received: line goes first, a piece at a time. */
static int ask_data(struct mx_server *srv, struct mx_session *s)
{
    int a;

    if (s->trace_left.ptr == NULL) {
        s->env.time_s = mx_port_time_s();
        mx_trace_received(&s->trace, &s->env);
        s->trace_left = mx_trace_next(&s->trace);
    }
    do {
        a = write_some(srv, s, &s->trace_left);
        if (a == NOT_YET) {
            return a;
        }
        if (a == MX_YES) {
            s->trace_left = mx_trace_next(&s->trace);
        }
    } while (a == MX_YES && s->trace_left.len > 0);
    s->trace_left = (struct mx_span){0};
    return a;
}

static int ask_body(struct mx_server *srv, struct mx_session *s)
{
    struct mx_span body = mx_smtp_body(&s->smtp);
    struct mx_span left = {body.ptr + s->body_at, body.len - s->body_at};
    int a = write_some(srv, s, &left);

    s->body_at = body.len - left.len;
    if (a == NOT_YET) {
        return a;
    }
    s->body_at = 0;
    s->octets += (uint32_t)body.len;
    return a;
}

static int ask_end(struct mx_server *srv, struct mx_session *s)
{
    int err = srv->cfg.sink->commit(srv->cfg.sink, s->msg);

    if (err == MX_EAGAIN) {
        return NOT_YET;
    }
    s->msg = -1;
    if (err != 0) {
        log_error(s, "commit", err);
        srv->stats.aborted++;
        return (int)answer_of(err);
    }
    srv->stats.accepted++;
    log_begin(MX_LOG_INFO, "accepted", s->id);
    log_u32("msg", s->env.id);
    log_u32("octets", s->octets);
    log_u32("rcpts", s->rcpts);
    log_end();
    return MX_YES;
}

static int ask_abort(struct mx_server *srv, struct mx_session *s)
{
    delivery_abort(srv, s, "peer");
    return MX_YES;
}

bool delivery_answer(struct mx_server *srv, struct mx_session *s)
{
    static int (*const ask[])(struct mx_server *, struct mx_session *) = {
        [MX_ASK_MAIL] = ask_mail, [MX_ASK_RCPT] = ask_rcpt,
        [MX_ASK_DATA] = ask_data, [MX_ASK_BODY] = ask_body,
        [MX_ASK_END] = ask_end,   [MX_ASK_ABORT] = ask_abort,
    };
    enum mx_smtp_ask q = mx_smtp_ask(&s->smtp);
    int a;

    MX_ASSERT(q < sizeof ask / sizeof *ask && ask[q] != NULL);
    a = ask[q](srv, s);
    s->stalled = a == NOT_YET;
    if (!s->stalled) {
        mx_smtp_answer(&s->smtp, (enum mx_answer)a);
    }
    return !s->stalled;
}

void delivery_abort(struct mx_server *srv, struct mx_session *s,
                    const char *why)
{
    if (s->msg < 0) {
        return;
    }
    srv->cfg.sink->abort(srv->cfg.sink, s->msg);
    s->msg = -1;
    s->body_at = 0;
    s->trace_left = (struct mx_span){0};
    srv->stats.aborted++;
    log_begin(MX_LOG_INFO, "aborted", s->id);
    log_u32("msg", s->env.id);
    log_u32("octets", s->octets);
    log_str("why", why);
    log_end();
}

void delivery_reset(struct mx_session *s)
{
    MX_ASSERT(s->msg < 0 && s->lent == 0);
    s->stalled = false;
    s->body_at = 0;
    s->octets = 0;
    s->rcpts = 0;
    memset(&s->env, 0, sizeof s->env);
    memset(&s->trace, 0, sizeof s->trace);
    s->trace_left = (struct mx_span){0};
    deadline_message(s);
}
