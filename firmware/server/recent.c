/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/recent.h"

#include "server/protocol.h"

static const char *name_of(const struct mx_session *s)
{
    return s->pop3 ? "(a reader)" : mx_smtp_helo(&s->smtp);
}

static bool is_noted(const struct mx_server *srv, uint32_t id)
{
    for (size_t i = 0; i < MX_RECENT; i++) {
        if (srv->recent[i].id == id) {
            return true;
        }
    }
    return false;
}

/* The facts are there when the handshake is done. */
static void note_tls(struct mx_recent *r, const struct mx_tls_facts *facts)
{
    r->version = facts->version != NULL ? facts->version : "handshake failed";
    r->cipher = facts->cipher;
    r->resumed = facts->resumed;
}

void recent_note(struct mx_server *srv, const struct mx_session *s)
{
    const char *name = name_of(s);
    struct mx_recent *r;

    if (name[0] == '\0' || is_noted(srv, s->id)) {
        return;
    }
    srv->newest = (uint8_t)((srv->newest + 1) % MX_RECENT);
    r = &srv->recent[srv->newest];
    *r = (struct mx_recent){.id = s->id};
    if (s->tls != NULL) {
        note_tls(r, &s->tls->facts);
    }
    for (size_t i = 0; i + 1 < sizeof r->name && name[i] != '\0'; i++) {
        r->name[i] = name[i];
    }
}

const struct mx_recent *mx_server_recent(const struct mx_server *srv, size_t n)
{
    const struct mx_recent *r;

    if (n >= MX_RECENT) {
        return NULL;
    }
    r = &srv->recent[(srv->newest + MX_RECENT - n) % MX_RECENT];
    return r->id != 0 ? r : NULL;
}
