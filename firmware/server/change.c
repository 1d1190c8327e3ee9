/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A change of identity while the server serves.
 *
 *     lend ──► (a TLS session fewer) ──► quiet ──► identify ──► return
 *
 * mbedTLS looks at an identity during a handshake and never after it: between
 * two handshakes one can take another's place, and sessions notice nothing.
 */
#include "tinymx/server.h"

bool mx_server_lend(struct mx_server *srv)
{
    for (size_t i = 0; i < srv->cfg.tls_sessions && srv->lent == 0; i++) {
        if (!srv->tls_taken[i]) {
            srv->tls_taken[i] = true;
            srv->lent = (uint8_t)(i + 1);
        }
    }
    srv->lend = srv->lent == 0;
    return srv->lent != 0;
}

void mx_server_return(struct mx_server *srv)
{
    if (srv->lent != 0) {
        srv->tls_taken[srv->lent - 1] = false;
    }
    srv->lent = 0;
    srv->lend = false;
    srv->changing = false;
}

static bool is_shaking(const struct mx_server *srv)
{
    for (size_t i = 0; i < MX_TLS_SESSIONS; i++) {
        if (mx_tls_state(&srv->tls[i]) == MX_TLS_HANDSHAKE) {
            return true;
        }
    }
    return false;
}

bool mx_server_quiet(struct mx_server *srv)
{
    srv->changing = true;
    return !is_shaking(srv);
}

int mx_server_identify(struct mx_server *srv, const struct mx_identity *id)
{
    int rc = srv->tls_server.impl != NULL
                 ? mx_tls_server_identify(&srv->tls_server, id)
                 : mx_tls_server_init(&srv->tls_server, id);

    if (rc == 0) {
        srv->cfg.identity = id;
        srv->smtp_cfg.starttls = true;
    }
    return rc;
}
