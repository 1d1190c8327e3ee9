/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * POP3 as a protocol of sessions: the engine's questions, put to the verifier
 * and the maildrop. Nothing but a configuration that has a struct
 * mx_pop3_server leads here.
 */
#include "tinymx/pop3_server.h"

#include "server/admission.h"
#include "server/maildrop.h"
#include "server/manners.h"
#include "server/protocol.h"
#include "server/session.h"
#include "tinymx/err.h"
#include "util/assert.h"
#include "util/log.h"

#include <string.h>

/* Iterations of the password's hash at once: a turn of the session has 64 of
 * these. */
#define HASH_STEP 16

/* Beside the values of enum mx_answer: */
#define NOT_YET (-1) /* to be asked again later, */
#define MORE (-2)    /* or at once; */
#define DONE (-3)    /* it was answered */

static struct mx_maildrop *drop_of(const struct mx_server *srv)
{
    return &srv->cfg.pop3->maildrop;
}

/* An error of the spool. */
static int trouble(const struct mx_session *s, const char *op, int err)
{
    log_begin(MX_LOG_ERROR, "maildrop", s->id);
    log_str("op", op);
    log_text("error", mx_strerror(err));
    log_end();
    return err == MX_EFORMAT ? MX_NO : MX_LATER;
}

/* --- logging in --------------------------------------------------------- */

/* One that is too long to be kept is "", and nobody's. */
static bool is_user(const struct mx_pop3_server *pop3,
                    const struct mx_session *s)
{
    return strcmp(mx_pop3_user(&s->pop3_engine), pop3->cfg.user) == 0;
}

static int begin_try(struct mx_pop3_server *pop3, struct mx_session *s)
{
    struct mx_maildrop *drop = &pop3->maildrop;

    if (drop->stage > MAILDROP_TRYING) {
        return MX_BUSY;
    }
    if (drop->stage == MAILDROP_TRYING ||
        mx_password_begin(&pop3->password, pop3->cfg.verifier,
                          mx_pop3_password(&s->pop3_engine)) != 0) {
        return NOT_YET;
    }
    drop->stage = MAILDROP_TRYING;
    drop->holder = s->id;
    return MORE;
}

static int refuse_login(struct mx_server *srv, struct mx_session *s)
{
    maildrop_release(drop_of(srv));
    srv->stats.logins_failed++;
    log_event(MX_LOG_WARN, "login-failed", s->id);
    return MX_NO;
}

/* Whoever names somebody else waits as long as the user does. */
static int try_some(struct mx_server *srv, struct mx_session *s)
{
    struct mx_pop3_server *pop3 = srv->cfg.pop3;
    int rc = mx_password_step(&pop3->password, HASH_STEP);

    if (rc == MX_EAGAIN) {
        return MORE;
    }
    mx_password_end(&pop3->password);
    if (!is_user(pop3, s) || rc != 0) {
        return refuse_login(srv, s);
    }
    if (!maildrop_lock(&pop3->maildrop)) {
        maildrop_release(&pop3->maildrop);
        return MX_BUSY;
    }
    return MORE;
}

static int count_some(struct mx_server *srv, struct mx_session *s)
{
    struct mx_maildrop *drop = drop_of(srv);
    int rc = maildrop_count(drop);

    if (rc == MX_EAGAIN) {
        return MORE;
    }
    if (rc != 0) {
        maildrop_release(drop);
        (void)trouble(s, "count", rc);
        return MX_LATER;
    }
    srv->stats.logins++;
    log_begin(MX_LOG_INFO, "login", s->id);
    log_u32("messages", drop->drop.messages);
    log_u32("octets", drop->drop.octets);
    log_end();
    mx_pop3_login(&s->pop3_engine, &drop->drop);
    return DONE;
}

static int ask_login(struct mx_server *srv, struct mx_session *s)
{
    struct mx_maildrop *drop = drop_of(srv);

    if (drop->holder != s->id) {
        return begin_try(srv->cfg.pop3, s);
    }
    return drop->stage == MAILDROP_TRYING ? try_some(srv, s)
                                          : count_some(srv, s);
}

/* --- reading ------------------------------------------------------------ */

static int found(struct mx_server *srv, struct mx_session *s)
{
    struct mx_maildrop *drop = drop_of(srv);
    int64_t octets = maildrop_octets(drop);

    if (octets < 0) {
        return trouble(s, "find", (int)octets);
    }
    mx_pop3_found(&s->pop3_engine, (uint32_t)octets, drop->mail.number);
    return DONE;
}

static int ask_find(struct mx_server *srv, struct mx_session *s)
{
    int rc = maildrop_find(drop_of(srv), mx_pop3_message(&s->pop3_engine));

    return rc == 0 ? found(srv, s) : trouble(s, "find", rc);
}

/* All of it is read before the first byte is sent: later there is no saying
 * that it is damaged, and a client would come back to it for ever. */
static int ask_open(struct mx_server *srv, struct mx_session *s)
{
    struct mx_maildrop *drop = drop_of(srv);
    uint16_t place = mx_pop3_message(&s->pop3_engine);
    size_t len;
    void *room = mx_pop3_room(&s->pop3_engine, &len);
    int rc = maildrop_open(drop, place, room, len);

    if (rc == MX_EAGAIN) {
        return MORE;
    }
    return rc == 0 ? found(srv, s) : trouble(s, "open", rc);
}

static int ask_read(struct mx_server *srv, struct mx_session *s)
{
    size_t len;
    void *room = mx_pop3_room(&s->pop3_engine, &len);
    int n =
        maildrop_read(drop_of(srv), mx_pop3_offset(&s->pop3_engine), room, len);

    if (n < 0) {
        return trouble(s, "read", n);
    }
    mx_pop3_fill(&s->pop3_engine, (size_t)n);
    return DONE;
}

static int ask_seen(struct mx_server *srv, struct mx_session *s)
{
    struct mx_maildrop *drop = drop_of(srv);
    int rc = mx_spool_see(drop->spool, &drop->mail);

    srv->stats.fetched++;
    log_begin(MX_LOG_INFO, "fetched", s->id);
    log_u32("number", drop->mail.number);
    log_u32("octets", drop->mail.size);
    log_end();
    return rc == 0 ? MX_YES : trouble(s, "seen", rc);
}

static int ask_delete(struct mx_server *srv, struct mx_session *s)
{
    struct mx_maildrop *drop = drop_of(srv);
    int rc = maildrop_find(drop, mx_pop3_message(&s->pop3_engine));

    if (rc == 0) {
        rc = mx_spool_delete(drop->spool, &drop->mail);
    }
    if (rc != 0) {
        return trouble(s, "delete", rc);
    }
    srv->stats.deleted++;
    log_begin(MX_LOG_INFO, "deleted", s->id);
    log_u32("number", drop->mail.number);
    log_end();
    return MX_YES;
}

/* --- the protocol ------------------------------------------------------- */

static void begin(struct mx_server *srv, struct mx_session *s,
                  const struct mx_tls_facts *tls, bool greet)
{
    struct mx_pop3_server *pop3 = srv->cfg.pop3;

    MX_ASSERT(s->lent == 0);
    pop3->engine = (struct mx_pop3_config){
        .mx_name = srv->cfg.mx_name,
        .max_errors = srv->smtp_cfg.max_errors,
        .max_logins = MX_POP3_LOGINS,
    };
    s->stalled = false;
    mx_pop3_init(&s->pop3_engine, &pop3->engine, tls != NULL, greet);
}

static size_t push(struct mx_session *s, const void *data, size_t len)
{
    return mx_pop3_push(&s->pop3_engine, data, len);
}

static const void *out_buf(const struct mx_session *s, size_t *len)
{
    return mx_pop3_out_buf(&s->pop3_engine, len);
}

static void out_ack(struct mx_session *s, size_t len)
{
    mx_pop3_out_ack(&s->pop3_engine, len);
}

static enum protocol_ask ask(const struct mx_session *s)
{
    switch (mx_pop3_ask(&s->pop3_engine)) {
    case MX_POP3_ASK_NONE:
        return PROTOCOL_NONE;
    case MX_POP3_ASK_STLS:
        return PROTOCOL_TLS;
    case MX_POP3_ASK_CLOSE:
        return PROTOCOL_CLOSE;
    default:
        return PROTOCOL_ANSWER;
    }
}

static void end(struct mx_session *s, enum mx_why why)
{
    mx_pop3_end(&s->pop3_engine, why);
}

static void answer_tls(struct mx_session *s, enum mx_answer answer)
{
    mx_pop3_answer(&s->pop3_engine, answer);
}

static bool answer(struct mx_server *srv, struct mx_session *s)
{
    static int (*const answers[])(struct mx_server *, struct mx_session *) = {
        [MX_POP3_ASK_LOGIN] = ask_login, [MX_POP3_ASK_FIND] = ask_find,
        [MX_POP3_ASK_OPEN] = ask_open,   [MX_POP3_ASK_READ] = ask_read,
        [MX_POP3_ASK_SEEN] = ask_seen,   [MX_POP3_ASK_DELETE] = ask_delete,
    };
    int a = answers[mx_pop3_ask(&s->pop3_engine)](srv, s);

    s->stalled = a == NOT_YET;
    if (a >= 0) {
        mx_pop3_answer(&s->pop3_engine, (enum mx_answer)a);
    }
    return a != NOT_YET;
}

static bool may_speak(struct mx_server *srv, struct mx_session *s)
{
    return manners_delay(srv, s, mx_pop3_wants_delay(&s->pop3_engine));
}

static void abandon(struct mx_server *srv, struct mx_session *s,
                    const char *why)
{
    struct mx_pop3_server *pop3 = srv->cfg.pop3;

    (void)why;
    if (pop3->maildrop.holder == s->id) {
        mx_password_end(&pop3->password);
        maildrop_release(&pop3->maildrop);
    }
}

static bool is_idle(const struct mx_session *s)
{
    return !mx_pop3_busy(&s->pop3_engine);
}

static bool in_body(const struct mx_session *s)
{
    (void)s;
    return false;
}

static uint16_t patience(const struct mx_server *srv,
                         const struct mx_session *s)
{
    return mx_pop3_logged_in(&s->pop3_engine) ? srv->cfg.pop3->cfg.idle_s
                                              : srv->cfg.first_s;
}

/* --- ports -------------------------------------------------------------- */

static struct mx_conn *place_clear(void *ctx, const struct listen_newcomer *who,
                                   const char **refusal)
{
    static const struct admission_door door = {.pop3 = true};

    return admission_place(ctx, &door, who, refusal);
}

static struct mx_conn *place_implicit(void *ctx,
                                      const struct listen_newcomer *who,
                                      const char **refusal)
{
    static const struct admission_door door = {.pop3 = true, .implicit = true};

    return admission_place(ctx, &door, who, refusal);
}

static int open_ports(struct mx_server *srv)
{
    static const struct listen_ops clear = {.place = place_clear};
    static const struct listen_ops implicit = {.place = place_implicit};
    const struct mx_pop3_server_config *cfg = &srv->cfg.pop3->cfg;
    int err = 0;

    if (cfg->port != 0) {
        err = listen_open(&srv->listener[2], cfg->port, &clear, srv);
    }
    if (err == 0 && cfg->tls_port != 0) {
        err = listen_open(&srv->listener[3], cfg->tls_port, &implicit, srv);
    }
    return err;
}

static bool is_full(const struct mx_server *srv)
{
    unsigned count = 0;

    for (size_t i = 0; i < srv->cfg.sessions; i++) {
        const struct mx_session *s = &srv->session[i];

        count +=
            s->pop3 && s->state != SESSION_FREE && s->state != SESSION_LEAVING;
    }
    return count >= srv->cfg.pop3->cfg.sessions;
}

static const struct mx_protocol protocol_pop3 = {
    .name = "pop3",
    .begin = begin,
    .push = push,
    .out_buf = out_buf,
    .out_ack = out_ack,
    .ask = ask,
    .end = end,
    .answer_tls = answer_tls,
    .answer = answer,
    .may_speak = may_speak,
    .abandon = abandon,
    .is_idle = is_idle,
    .in_body = in_body,
    .patience = patience,
    .refusal = mx_pop3_refusal,
    .open = open_ports,
    .is_full = is_full,
};

/* --- the configuration -------------------------------------------------- */

int mx_pop3_server_init(struct mx_pop3_server *pop3,
                        const struct mx_pop3_server_config *cfg)
{
    size_t len = cfg->user != NULL ? strlen(cfg->user) : 0;

    if (cfg->spool == NULL || len == 0 || len > MX_POP3_NAME_MAX ||
        cfg->verifier == NULL || (cfg->port == 0 && cfg->tls_port == 0)) {
        return MX_EINVAL;
    }
    if (mx_password_check(cfg->verifier) != 0) {
        return MX_EFORMAT;
    }
    memset(pop3, 0, sizeof *pop3);
    pop3->protocol = &protocol_pop3;
    pop3->cfg = *cfg;
    pop3->cfg.sessions = cfg->sessions != 0 ? cfg->sessions : MX_POP3_SESSIONS;
    pop3->cfg.idle_s = cfg->idle_s != 0 ? cfg->idle_s : MX_POP3_IDLE_S;
    pop3->maildrop.spool = cfg->spool;
    return 0;
}
