/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a session speaks: an engine, and who answers its questions, behind one
 * face. SMTP always; POP3 in images whose configuration names it, and it is
 * reached through there only, so that the linker drops it from others.
 */
#ifndef TINYMX_SERVER_PROTOCOL_H
#define TINYMX_SERVER_PROTOCOL_H

#include "tinymx/pop3_server.h"
#include "tinymx/server.h"

/* What the engine wants. */
enum protocol_ask {
    PROTOCOL_NONE,
    PROTOCOL_TLS,    /* may TLS start? */
    PROTOCOL_ANSWER, /* answer() knows */
    PROTOCOL_BODY,   /* the same, about input that it took and points to */
    PROTOCOL_CLOSE,
};

struct mx_protocol {
    const char *name;

    /* A new engine; in clear `tls` is NULL. Nothing that was heard remains. */
    void (*begin)(struct mx_server *srv, struct mx_session *s,
                  const struct mx_tls_facts *tls, bool greet);

    /* The engine, as in smtp.h. */
    size_t (*push)(struct mx_session *s, const void *data, size_t len);
    const void *(*out_buf)(const struct mx_session *s, size_t *len);
    void (*out_ack)(struct mx_session *s, size_t len);
    enum protocol_ask (*ask)(const struct mx_session *s);
    void (*end)(struct mx_session *s, enum mx_why why);

    /* Answers the question: PROTOCOL_TLS as it is told; ANSWER and BODY from
     * what there is. False: not yet, it has to be asked again. */
    void (*answer_tls)(struct mx_session *s, enum mx_answer answer);
    bool (*answer)(struct mx_server *srv, struct mx_session *s);

    /* May the engine's reply be sent now? */
    bool (*may_speak)(struct mx_server *srv, struct mx_session *s);

    /* Gives up what the session holds beside the engine; `why` goes into the
     * log. Fine when there is nothing. */
    void (*abandon)(struct mx_server *srv, struct mx_session *s,
                    const char *why);

    /* Would nobody miss it, had it to go now? Is it inside a message? And how
     * long may it take for what it does, seconds? */
    bool (*is_idle)(const struct mx_session *s);
    bool (*in_body)(const struct mx_session *s);
    uint16_t (*patience)(const struct mx_server *srv,
                         const struct mx_session *s);

    const char *(*refusal)(enum mx_refusal why);

    /* Of what is spoken at ports of its own: opens them, as admission_open();
     * and are there as many sessions as there may be? */
    int (*open)(struct mx_server *srv);
    bool (*is_full)(const struct mx_server *srv);
};

extern const struct mx_protocol protocol_smtp;

/* What is spoken at a POP3 port, or another; what this session speaks. Asked at
 * every turn. */
static inline const struct mx_protocol *protocol_at(const struct mx_server *srv,
                                                    bool pop3)
{
    return pop3 ? srv->cfg.pop3->protocol : &protocol_smtp;
}

static inline const struct mx_protocol *protocol_of(const struct mx_server *srv,
                                                    const struct mx_session *s)
{
    return protocol_at(srv, s->pop3);
}

#endif
