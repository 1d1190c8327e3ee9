/* SPDX-License-Identifier: BSD-3-Clause */
#include "tinymx/server.h"

#include "net/dnsbl.h"
#include "net/listen.h"
#include "server/admission.h"
#include "server/deadline.h"
#include "server/ending.h"
#include "server/session.h"
#include "tinymx/err.h"
#include "tinymx/port.h"
#include "util/log.h"

#include <string.h>

/* How soon a sink that said MX_EAGAIN is asked again. */
#define STALL_MS 10
/* Poll at least this often; deadlines are in seconds. */
#define IDLE_MS 1000

/* The longest host name: an EHLO reply is built in MX_LINE_MAX. */
#define NAME_MAX_LEN 255

/* --- configuration ------------------------------------------------------ */

static int refuse_config(const char *why)
{
    log_begin(MX_LOG_ERROR, "config", 0);
    log_text("error", why);
    log_end();
    return MX_EINVAL;
}

static int check(const struct mx_server_config *cfg)
{
    if (cfg->mx_name == NULL || cfg->mx_name[0] == '\0' ||
        strlen(cfg->mx_name) > NAME_MAX_LEN) {
        return refuse_config("mx_name: a host name of 1 to 255 octets");
    }
    if (cfg->sink == NULL || cfg->policy == NULL) {
        return refuse_config("sink and policy have to be given");
    }
    if (cfg->sessions > MX_SESSIONS) {
        return refuse_config("sessions: more than this build has");
    }
    if (cfg->tls_sessions > MX_TLS_SESSIONS) {
        return refuse_config("tls_sessions: more than this build has");
    }
    if (cfg->max_unknown > UINT8_MAX / 2) {
        return refuse_config("max_unknown: at most 127");
    }
    if (cfg->tls_port != 0 && cfg->identity == NULL) {
        return refuse_config("tls_port: needs an identity");
    }
    if (cfg->require_tls && cfg->identity == NULL) {
        return refuse_config("require_tls: needs an identity");
    }
    if (cfg->pop3 != NULL && cfg->identity == NULL) {
        return refuse_config("pop3: needs an identity");
    }
    if (cfg->client_ca != NULL && cfg->identity == NULL) {
        return refuse_config("client_ca: needs an identity");
    }
    return cfg->dnsbl != NULL && dnsbl_check(cfg->dnsbl) != NULL
               ? refuse_config(dnsbl_check(cfg->dnsbl))
               : 0;
}

static uint16_t or_default(uint16_t value, uint16_t fallback)
{
    return value != 0 ? value : fallback;
}

static void fill_in(struct mx_server_config *cfg)
{
    cfg->port = or_default(cfg->port, 25);
    cfg->sessions = or_default(cfg->sessions, MX_SESSIONS);
    cfg->tls_sessions = or_default(cfg->tls_sessions, MX_TLS_SESSIONS);
    cfg->peer_sessions = or_default(cfg->peer_sessions, MX_PEER_SESSIONS);
    cfg->peer_connects = or_default(cfg->peer_connects, MX_PEER_CONNECTS);
    cfg->peer_handshakes = or_default(cfg->peer_handshakes, MX_PEER_HANDSHAKES);
    cfg->max_message =
        cfg->max_message != 0 ? cfg->max_message : (uint32_t)MX_MESSAGE_MAX;
    cfg->max_rcpt = or_default(cfg->max_rcpt, MX_RCPT_MAX);
    cfg->max_mail = or_default(cfg->max_mail, MX_MAIL_MAX);
    cfg->max_errors = (uint8_t)or_default(cfg->max_errors, MX_ERRORS_MAX);
    cfg->max_idle = (uint8_t)or_default(cfg->max_idle, MX_IDLE_MAX);
    cfg->max_unknown = (uint8_t)or_default(cfg->max_unknown, MX_UNKNOWN_MAX);
    cfg->command_s = or_default(cfg->command_s, MX_COMMAND_S);
    cfg->greet_s = or_default(cfg->greet_s, MX_GREET_S);
    cfg->first_s =
        or_default(cfg->first_s,
                   cfg->command_s < MX_FIRST_S ? cfg->command_s : MX_FIRST_S);
    cfg->data_s = or_default(cfg->data_s, MX_DATA_S);
    cfg->min_rate = or_default(cfg->min_rate, MX_MIN_RATE);
    cfg->session_s = or_default(cfg->session_s, MX_SESSION_S);
    cfg->handshake_s = or_default(cfg->handshake_s, MX_HANDSHAKE_S);
    cfg->tls_wait_s = or_default(cfg->tls_wait_s, MX_TLS_WAIT_S);
    cfg->linger_s = or_default(cfg->linger_s, MX_LINGER_S);
    cfg->slow_s = or_default(cfg->slow_s, MX_SLOW_S);
    cfg->evict_s = or_default(cfg->evict_s, MX_EVICT_S);
}

/* --- the server --------------------------------------------------------- */

static int start_tls(struct mx_server *srv)
{
    int err;

    if (srv->cfg.identity == NULL) {
        return 0;
    }
    err = mx_tls_server_init(&srv->tls_server, srv->cfg.identity);
    if (err == 0 && srv->cfg.client_ca != NULL) {
        mx_tls_server_ask_clients(&srv->tls_server, srv->cfg.client_ca);
    }
    return err;
}

int mx_server_init(struct mx_server *srv, const struct mx_server_config *cfg)
{
    int err = check(cfg);

    if (err != 0) {
        return err;
    }
    memset(srv, 0, sizeof *srv);
    srv->cfg = *cfg;
    fill_in(&srv->cfg);
    srv->second_ms = mx_port_now_ms();
    srv->peers.minute_ms = srv->second_ms;
    srv->smtp_cfg = (struct mx_smtp_config){
        .mx_name = cfg->mx_name,
        .max_message = srv->cfg.max_message,
        .max_rcpt = srv->cfg.max_rcpt,
        .max_mail = srv->cfg.max_mail == 0xffff ? 0 : srv->cfg.max_mail,
        .max_errors = srv->cfg.max_errors == 0xff ? 0 : srv->cfg.max_errors,
        .max_idle = srv->cfg.max_idle == 0xff ? 0 : srv->cfg.max_idle,
        .max_unknown = srv->cfg.max_unknown,
        .require_tls = cfg->require_tls || cfg->client_ca != NULL,
        .starttls = cfg->identity != NULL,
    };
    err = start_tls(srv);
    if (err == 0) {
        err = admission_open(srv);
    }
    if (err != 0) {
        mx_server_stop(srv);
    }
    return err;
}

/* Milliseconds wrap after 49 days; seconds, counted one by one, do not. */
static void count_uptime(struct mx_server *srv)
{
    uint32_t seconds = (mx_port_now_ms() - srv->second_ms) / 1000;

    srv->stats.uptime_s += seconds;
    srv->second_ms += seconds * 1000;
}

uint32_t mx_server_poll(struct mx_server *srv)
{
    uint32_t wait_ms = IDLE_MS;
    uint16_t tls_before = srv->stats.tls_sessions;

    count_uptime(srv);
    for (size_t i = 0; i < MX_SESSIONS; i++) {
        struct mx_session *s = &srv->session[i];
        uint32_t left_ms;

        if (s->state == SESSION_FREE) {
            continue;
        }
        left_ms = deadline_left_ms(srv, s);
        if (left_ms == 0) {
            ending_expire(srv, s);
        } else if (left_ms < wait_ms) {
            wait_ms = left_ms;
        }
        if (s->state != SESSION_FREE && session_run(srv, s)) {
            wait_ms = 0;
        }
        if (s->stalled && wait_ms > STALL_MS) {
            wait_ms = STALL_MS;
        }
    }
    if (listen_seat()) {
        wait_ms = 0; /* newcomers, and nothing was said to them yet */
    }
    if (srv->stats.tls_sessions < tls_before) {
        wait_ms = 0; /* a slot came free: somebody may be waiting for it */
    }
    return wait_ms;
}

void mx_server_stop(struct mx_server *srv)
{
    for (size_t i = 0; i < sizeof srv->listener / sizeof *srv->listener; i++) {
        listen_close(&srv->listener[i]);
    }
    for (size_t i = 0; i < MX_SESSIONS; i++) {
        if (srv->session[i].state != SESSION_FREE) {
            ending_stop(srv, &srv->session[i]);
        }
    }
    mx_tls_server_free(&srv->tls_server);
}

const struct mx_server_stats *mx_server_stats(const struct mx_server *srv)
{
    return &srv->stats;
}
