/* SPDX-License-Identifier: BSD-3-Clause */
/* SMTP as a protocol of sessions. */
#include "server/protocol.h"

#include "server/delivery.h"
#include "server/manners.h"

/* --- the engine --------------------------------------------------------- */

static void begin(struct mx_server *srv, struct mx_session *s,
                  const struct mx_tls_facts *tls, bool greet)
{
    delivery_reset(s);
    mx_smtp_init(&s->smtp, &srv->smtp_cfg, tls, greet);
}

static size_t push(struct mx_session *s, const void *data, size_t len)
{
    return mx_smtp_push(&s->smtp, data, len);
}

static const void *out_buf(const struct mx_session *s, size_t *len)
{
    return mx_smtp_out_buf(&s->smtp, len);
}

static void out_ack(struct mx_session *s, size_t len)
{
    mx_smtp_out_ack(&s->smtp, len);
}

static enum protocol_ask ask(const struct mx_session *s)
{
    switch (mx_smtp_ask(&s->smtp)) {
    case MX_ASK_NONE:
        return PROTOCOL_NONE;
    case MX_ASK_STARTTLS:
        return PROTOCOL_TLS;
    case MX_ASK_BODY:
        return PROTOCOL_BODY;
    case MX_ASK_CLOSE:
        return PROTOCOL_CLOSE;
    default:
        return PROTOCOL_ANSWER;
    }
}

static void end(struct mx_session *s, enum mx_why why)
{
    mx_smtp_end(&s->smtp, why);
}

static void answer_tls(struct mx_session *s, enum mx_answer answer)
{
    mx_smtp_answer(&s->smtp, answer);
}

/* --- the session -------------------------------------------------------- */

static bool in_body(const struct mx_session *s)
{
    return mx_smtp_in_body(&s->smtp);
}

static bool is_idle(const struct mx_session *s)
{
    size_t len;

    (void)mx_smtp_out_buf(&s->smtp, &len);
    return len == 0 && mx_smtp_ask(&s->smtp) == MX_ASK_NONE &&
           !mx_smtp_in_transaction(&s->smtp) && !in_body(s);
}

static uint16_t patience(const struct mx_server *srv,
                         const struct mx_session *s)
{
    if (in_body(s)) {
        return srv->cfg.data_s;
    }
    return mx_smtp_helo(&s->smtp)[0] == '\0' ? srv->cfg.first_s
                                             : srv->cfg.command_s;
}

const struct mx_protocol protocol_smtp = {
    .name = "smtp",
    .begin = begin,
    .push = push,
    .out_buf = out_buf,
    .out_ack = out_ack,
    .ask = ask,
    .end = end,
    .answer_tls = answer_tls,
    .answer = delivery_answer,
    .may_speak = manners_allow,
    .abandon = delivery_abort,
    .is_idle = is_idle,
    .in_body = in_body,
    .patience = patience,
    .refusal = mx_smtp_refusal,
};
