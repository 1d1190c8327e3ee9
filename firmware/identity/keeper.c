/* SPDX-License-Identifier: BSD-3-Clause */
/* The start: from the owner, from the store, or made. */
#include "identity/keeper_impl.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tls/arena.h"
#include "util/assert.h"
#include "util/log.h"

#include <string.h>

static void log_failure(int rc, const char *why)
{
    log_begin(MX_LOG_ERROR, "identity", 0);
    log_text("error", mx_strerror(rc));
    log_text("why", why);
    log_end();
}

int keeper_say(int rc, const char **why)
{
    if (**why == '\0') {
        *why = rc == MX_ENOMEM     ? "not enough memory now; try again later"
               : rc == MX_EENTROPY ? "there is no source of randomness"
               : rc == MX_E2BIG    ? "it is too large for this device"
               : rc == MX_EIO ? "the device that keeps it failed; what was "
                                "there before is still in use"
                              : mx_strerror(rc);
    }
    return rc;
}

/* --- the store ----------------------------------------------------------- */

/* Without one the identity is for this life. */
static void mount(struct mx_keeper *k)
{
    void *page;
    int rc;

    if (k->cfg.dev == NULL) {
        return;
    }
    page = mx_arena_calloc(1, mx_idstore_page(k->cfg.dev));
    rc = page == NULL ? MX_ENOMEM
                      : mx_idstore_mount(&k->store, k->cfg.dev, k->cfg.first,
                                         k->cfg.blocks, page);
    mx_arena_free(page);
    k->kept = rc == 0;
    if (rc != 0) {
        log_failure(rc, "the identity cannot be kept: it is one of this life");
    }
}

/* --- from the store ------------------------------------------------------ */

static int load(struct mx_identity *id, const struct draft *d, const char **why)
{
    return mx_identity_load(id, d->chain, d->chain_len, d->key, d->key_len,
                            why);
}

static int make(const struct mx_keeper *k, struct draft *d)
{
    int rc = mx_identity_make_key(d->key, &d->key_len);

    return rc != 0 ? rc
                   : mx_identity_self_sign(d->key, d->key_len, k->cfg.mx_name,
                                           mx_port_time_s(), d->chain,
                                           &d->chain_len);
}

static int make_and_keep(struct mx_keeper *k, struct draft *d)
{
    int rc = make(k, d);

    k->made = rc == 0;
    if (rc == 0 && k->kept) {
        rc = draft_write(d, &k->store);
    }
    if (rc != 0 && k->made) {
        log_failure(rc, "the identity cannot be kept: it is one of this life");
        k->kept = false;
        rc = 0;
    }
    return rc;
}

/* A device that has got another name: its key stays, and with it what the DNS
 * says of it. If it cannot be kept it is done again at the next start. */
static int rename_own(struct mx_keeper *k, struct draft *d, const char **why)
{
    unsigned flags = mx_identity_check(&k->id, k->cfg.mx_name, 0);
    int rc, kept;

    if ((flags & MX_ID_SELF_SIGNED) == 0 || (flags & MX_ID_FATAL) == 0) {
        return 0;
    }
    rc = mx_identity_self_sign(d->key, d->key_len, k->cfg.mx_name,
                               mx_port_time_s(), d->chain, &d->chain_len);
    if (rc != 0) {
        return rc;
    }
    kept = draft_write(d, &k->store);
    if (kept != 0) {
        log_failure(kept, "the certificate for the new name cannot be kept");
    }
    mx_identity_free(&k->id);
    return load(&k->id, d, why);
}

/* Somebody may have installed a later one since. */
static bool is_later(const struct mx_identity *given,
                     const struct mx_identity *used)
{
    struct mx_identity_facts a, b;

    (void)mx_identity_describe(given, &a);
    (void)mx_identity_describe(used, &b);
    return b.self_signed || a.not_after_s > b.not_after_s;
}

/* The chain that came with the configuration, if it is a better one. */
static void adopt(struct mx_keeper *k, struct draft *d)
{
    struct mx_identity given = {NULL};
    const char *why = "";
    int rc;

    if (k->cfg.cert.len == 0 ||
        (k->cfg.cert.len == d->chain_len &&
         memcmp(k->cfg.cert.ptr, d->chain, d->chain_len) == 0)) {
        return;
    }
    rc = mx_identity_load(&given, k->cfg.cert.ptr, k->cfg.cert.len, d->key,
                          d->key_len, &why);
    if (rc == 0) {
        rc = mx_identity_admit(&given, k->cfg.mx_name, mx_port_time_s(), &why);
    }
    if (rc == 0 && !is_later(&given, &k->id)) {
        mx_identity_free(&given);
        return;
    }
    if (rc == 0) {
        rc = draft_set_chain(d, k->cfg.cert);
    }
    if (rc == 0 && k->kept) {
        rc = draft_write(d, &k->store);
    }
    if (rc != 0) {
        mx_identity_free(&given);
        keeper_say(rc, &why);
        log_failure(rc, why);
        return;
    }
    /* In the place of the other: see keeper_change.c. */
    mx_identity_free(&given);
    mx_identity_free(&k->id);
    rc = load(&k->id, d, &why);
    MX_ASSERT(rc == 0);
}

static int start_own(struct mx_keeper *k, struct draft *d, const char **why)
{
    int rc;

    mount(k);
    if (k->kept && !k->store.empty) {
        rc = draft_read(d, &k->store);
        if (rc != 0) {
            *why = "what was kept cannot be read";
            return rc;
        }
    } else {
        rc = make_and_keep(k, d);
    }
    if (rc == 0) {
        rc = load(&k->id, d, why);
    }
    if (rc == 0 && k->kept) {
        rc = rename_own(k, d, why);
    }
    if (rc == 0) {
        adopt(k, d);
    }
    return rc;
}

/* --- the start ----------------------------------------------------------- */

static int start(struct mx_keeper *k, const char **why)
{
    struct draft *d;
    int rc;

    if (k->cfg.key.len > 0) {
        return mx_identity_load(&k->id, k->cfg.cert.ptr, k->cfg.cert.len,
                                k->cfg.key.ptr, k->cfg.key.len, why);
    }
    d = draft_new();
    rc = d != NULL ? start_own(k, d, why) : MX_ENOMEM;
    draft_free(d);
    return rc;
}

int mx_keeper_start(struct mx_keeper *k, const struct mx_keeper_config *cfg,
                    const char **why)
{
    int rc;

    *why = "";
    memset(k, 0, sizeof *k);
    k->cfg = *cfg;
    rc = start(k, why);
    if (rc != 0) {
        keeper_say(rc, why);
        log_failure(rc, *why);
        mx_identity_free(&k->id);
        return rc;
    }
    keeper_check(k, true);
    return 0;
}

void mx_keeper_stop(struct mx_keeper *k)
{
    mx_keeper_cancel(k);
    mx_identity_free(&k->id);
}

const struct mx_identity *mx_keeper_identity(const struct mx_keeper *k)
{
    bool fits = (k->flags & MX_ID_FATAL) == 0 || k->cfg.anyway;

    return k->id.impl != NULL && fits ? &k->id : NULL;
}

void mx_keeper_serve(struct mx_keeper *k, struct mx_server *server)
{
    k->server = server;
}
