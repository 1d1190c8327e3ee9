/* SPDX-License-Identifier: BSD-3-Clause */
/* A chain that somebody pastes into a console. */
#include "identity/keeper_impl.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tinymx/server.h"
#include "tls/arena.h"

#include <string.h>

struct mx_keeper_paste {
    struct mx_pem pem;
    uint8_t der[DRAFT_CHAIN_MAX];
};

int mx_keeper_paste(struct mx_keeper *k, const char **why)
{
    *why = "";
    if (k->cfg.key.len > 0) {
        *why = "the owner gave certificate and key: change them there";
        return MX_EREFUSED;
    }
    if (!k->kept) {
        *why = "there is nothing to keep it on: the log says why";
        return MX_EIO;
    }
    if (k->server != NULL && !mx_server_lend(k->server)) {
        return keeper_wait(k);
    }
    mx_arena_free(k->paste); /* begun again */
    k->paste = mx_arena_calloc(1, sizeof *k->paste);
    if (k->paste == NULL) {
        mx_keeper_cancel(k);
        return keeper_say(MX_ENOMEM, why);
    }
    k->paste->pem =
        (struct mx_pem){.der = k->paste->der, .room = sizeof k->paste->der};
    k->asked_ms = mx_port_now_ms();
    return 0;
}

static const char *reason(int rc)
{
    return rc == MX_E2BIG      ? "the chain is too long for this device"
           : rc == MX_EREFUSED ? "that is a private key: it must not be sent "
                                 "around, and is not needed here"
                               : "this is no certificate in PEM, or a damaged "
                                 "one";
}

static int is_over(const struct mx_keeper *k, const char **why)
{
    *why = "nothing came for a minute: identity install begins again";
    return k->paste == NULL ? MX_ECLOSED : 0;
}

int mx_keeper_paste_line(struct mx_keeper *k, const char *line, size_t len,
                         const char **why)
{
    int rc = is_over(k, why);

    if (rc == 0) {
        k->asked_ms = mx_port_now_ms();
        rc = mx_pem_line(&k->paste->pem, line, len);
        *why = reason(rc);
    }
    return rc;
}

int mx_keeper_paste_end(struct mx_keeper *k, const char **why)
{
    struct mx_span chain;
    int rc = is_over(k, why);

    if (rc != 0) {
        return rc;
    }
    rc = mx_pem_end(&k->paste->pem);
    if (rc == 0 && k->paste->pem.count == 0) {
        rc = MX_EFORMAT;
    }
    if (rc != 0) {
        *why = reason(rc);
        mx_keeper_cancel(k);
        return rc;
    }
    chain = (struct mx_span){(const char *)k->paste->der, k->paste->pem.len};
    return mx_keeper_install(k, chain, why);
}

static size_t line_len(const char *text, size_t len)
{
    const char *end = memchr(text, '\n', len);

    return end != NULL ? (size_t)(end - text) : len;
}

static int paste_text(struct mx_keeper *k, const char *text, size_t len,
                      const char **why)
{
    int rc = 0;

    while (len > 0 && rc == 0) {
        size_t n = line_len(text, len);
        bool cr = n > 0 && text[n - 1] == '\r';

        rc = mx_keeper_paste_line(k, text, cr ? n - 1 : n, why);
        n = n < len ? n + 1 : n;
        text += n;
        len -= n;
    }
    return rc;
}

int mx_keeper_install_text(struct mx_keeper *k, const char *text, size_t len,
                           const char **why)
{
    int rc;

    if (mx_identity_is_der(text, len)) {
        return mx_keeper_install(k, (struct mx_span){text, len}, why);
    }
    mx_keeper_cancel(k); /* asked again: from the beginning */
    rc = mx_keeper_paste(k, why);
    if (rc != 0) {
        return rc;
    }
    rc = paste_text(k, text, len, why);
    if (rc != 0) {
        mx_keeper_cancel(k);
        return rc;
    }
    return mx_keeper_paste_end(k, why);
}
