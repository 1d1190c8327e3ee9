/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changes of the identity.
 *
 *     begin: is there a store, a TLS session's place, no handshake?
 *       draft ◄── store        change it        draft ──► store
 *                                               then the server
 *     end: the place goes back
 *
 * All between begin and end is one call: nobody's byte is taken meanwhile, so
 * who was told of a new identity was told of one that is kept.
 */
#include "identity/keeper_impl.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tinymx/server.h"
#include "tls/arena.h"
#include "util/assert.h"

#include <string.h>

#define PASTE_MS 60000u
#define WAIT_MS 2000u

static int self_sign(const struct mx_keeper *k, struct draft *d)
{
    return mx_identity_self_sign(d->key, d->key_len, k->cfg.mx_name,
                                 mx_port_time_s(), d->chain, &d->chain_len);
}

/* --- begin and end ------------------------------------------------------- */

static int may_change(const struct mx_keeper *k, const char **why)
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
    return 0;
}

static bool is_our_turn(struct mx_keeper *k)
{
    return k->server == NULL ||
           (mx_server_lend(k->server) && mx_server_quiet(k->server));
}

int keeper_wait(struct mx_keeper *k)
{
    k->waits = true;
    k->asked_ms = mx_port_now_ms();
    return MX_EAGAIN;
}

void keeper_give_up(struct mx_keeper *k)
{
    uint32_t patience_ms = k->paste != NULL ? PASTE_MS : WAIT_MS;

    if ((k->paste != NULL || k->waits) &&
        mx_port_now_ms() - k->asked_ms >= patience_ms) {
        mx_keeper_cancel(k);
    }
}

static void drop_paste(struct mx_keeper *k)
{
    mx_arena_free(k->paste);
    k->paste = NULL;
}

void mx_keeper_cancel(struct mx_keeper *k)
{
    drop_paste(k);
    k->waits = false;
    if (k->server != NULL) {
        mx_server_return(k->server);
    }
}

/* `work` changes the draft, or asks it something. */
typedef int work_fn(struct mx_keeper *k, struct draft *d, void *arg,
                    const char **why);

static int with_draft(struct mx_keeper *k, work_fn *work, void *arg,
                      const char **why)
{
    struct draft *d = draft_new();
    int rc = d != NULL ? draft_read(d, &k->store) : MX_ENOMEM;

    if (rc == 0) {
        rc = work(k, d, arg, why);
    }
    draft_free(d);
    return rc == 0 ? 0 : keeper_say(rc, why);
}

static int run(struct mx_keeper *k, work_fn *work, void *arg, const char **why)
{
    int rc = may_change(k, why);

    if (rc != 0) {
        return rc;
    }
    if (!is_our_turn(k)) {
        return keeper_wait(k);
    }
    rc = with_draft(k, work, arg, why);
    mx_keeper_cancel(k);
    return rc;
}

/* --- into use ------------------------------------------------------------ */

static int load(struct mx_identity *id, const struct draft *d, const char **why)
{
    return mx_identity_load(id, d->chain, d->chain_len, d->key, d->key_len,
                            why);
}

static int check_loads(const struct draft *d, const char **why)
{
    struct mx_identity id = {NULL};
    int rc = load(&id, d, why);

    mx_identity_free(&id);
    return rc;
}

/* In the place of the old one, which goes first: beside it, the new one would
 * leave a hole in the arena, and the smallest has no room for one. It has just
 * loaded with less memory than there is now. */
static int serve(struct mx_keeper *k, const struct draft *d)
{
    const char *why;
    int rc;

    mx_identity_free(&k->id);
    rc = load(&k->id, d, &why);
    MX_ASSERT(rc == 0);
    if (k->server != NULL) {
        rc = mx_server_identify(k->server, &k->id);
    }
    k->changes++;
    k->made = false;
    keeper_check(k, true);
    return rc;
}

/* Kept first, shown then. */
static int put_into_use(struct mx_keeper *k, const struct draft *d,
                        const char **why)
{
    int rc = check_loads(d, why);

    if (rc == 0) {
        rc = draft_write(d, &k->store);
    }
    return rc == 0 ? serve(k, d) : rc;
}

/* --- the changes --------------------------------------------------------- */

static int do_new(struct mx_keeper *k, struct draft *d, void *arg,
                  const char **why)
{
    int rc = mx_identity_make_key(d->key, &d->key_len);

    (void)arg;
    if (rc == 0) {
        rc = self_sign(k, d);
    }
    return rc == 0 ? put_into_use(k, d, why) : rc;
}

int mx_keeper_new(struct mx_keeper *k, const char **why)
{
    return run(k, do_new, NULL, why);
}

/* For which of the two keys? */
static int find_key(struct draft *d, const char **why)
{
    struct mx_identity id = {NULL};
    int rc = load(&id, d, why);

    if (rc == MX_EMISMATCH && d->next_len > 0) {
        size_t chain_len = d->chain_len;

        draft_advance(d);
        d->chain_len = chain_len;
        rc = load(&id, d, why);
    }
    mx_identity_free(&id);
    return rc;
}

static int admit(struct mx_keeper *k, const struct draft *d, const char **why)
{
    struct mx_identity id = {NULL};
    int rc = load(&id, d, why);

    if (rc == 0) {
        rc = mx_identity_admit(&id, k->cfg.mx_name, mx_port_time_s(), why);
    }
    mx_identity_free(&id);
    return rc;
}

static int do_install(struct mx_keeper *k, struct draft *d, void *arg,
                      const char **why)
{
    const struct mx_span *chain = arg;
    int rc = draft_set_chain(d, *chain);

    drop_paste(k); /* it was in there */
    if (rc == 0 && !mx_identity_is_der(d->chain, d->chain_len)) {
        *why = "certificate: does not parse";
        rc = MX_EFORMAT;
    }
    if (rc == 0) {
        rc = find_key(d, why);
    }
    if (rc == 0) {
        rc = admit(k, d, why);
    }
    return rc == 0 ? put_into_use(k, d, why) : rc;
}

int mx_keeper_install(struct mx_keeper *k, struct mx_span chain,
                      const char **why)
{
    return run(k, do_install, &chain, why);
}

static int do_next(struct mx_keeper *k, struct draft *d, void *arg,
                   const char **why)
{
    int rc;

    (void)arg;
    if (d->next_len > 0) {
        *why = "there is a next key: identity switch takes it, identity drop "
               "forgets it";
        return MX_EEXIST;
    }
    rc = mx_identity_make_key(d->next, &d->next_len);
    return rc == 0 ? draft_write(d, &k->store) : rc;
}

int mx_keeper_next(struct mx_keeper *k, const char **why)
{
    return run(k, do_next, NULL, why);
}

static int need_next(const struct draft *d, const char **why)
{
    if (d->next_len == 0) {
        *why = "there is no next key: identity next makes one";
        return MX_EINVAL;
    }
    return 0;
}

static int do_switch(struct mx_keeper *k, struct draft *d, void *arg,
                     const char **why)
{
    int rc = need_next(d, why);

    (void)arg;
    if (rc == 0) {
        draft_advance(d);
        rc = self_sign(k, d);
    }
    return rc == 0 ? put_into_use(k, d, why) : rc;
}

int mx_keeper_switch(struct mx_keeper *k, const char **why)
{
    return run(k, do_switch, NULL, why);
}

static int do_drop(struct mx_keeper *k, struct draft *d, void *arg,
                   const char **why)
{
    int rc = need_next(d, why);

    (void)arg;
    if (rc == 0) {
        d->next_len = 0;
        rc = draft_write(d, &k->store);
    }
    return rc;
}

int mx_keeper_drop(struct mx_keeper *k, const char **why)
{
    return run(k, do_drop, NULL, why);
}

/* --- questions ----------------------------------------------------------- */

struct request {
    bool next;
    void (*see)(void *ctx, const char *pem);
    void *ctx;
};

static int do_request(struct mx_keeper *k, struct draft *d, void *arg,
                      const char **why)
{
    const struct request *r = arg;
    char *pem;
    int rc = r->next ? need_next(d, why) : 0;

    if (rc != 0) {
        return rc;
    }
    if (r->next) {
        draft_advance(d);
    }
    pem = mx_arena_calloc(1, MX_IDENTITY_CSR_MAX);
    rc = pem == NULL
             ? MX_ENOMEM
             : mx_identity_request(d->key, d->key_len, k->cfg.mx_name, pem);
    if (rc == 0) {
        r->see(r->ctx, pem);
    }
    mx_arena_free(pem);
    return rc;
}

int mx_keeper_request(struct mx_keeper *k, bool next,
                      void (*see)(void *ctx, const char *pem), void *ctx,
                      const char **why)
{
    struct request r = {next, see, ctx};

    return run(k, do_request, &r, why);
}

static int do_digest(struct mx_keeper *k, struct draft *d, void *arg,
                     const char **why)
{
    int rc = need_next(d, why);

    (void)k;
    return rc == 0 ? mx_identity_key_sha256(d->next, d->next_len, arg) : rc;
}

int mx_keeper_digest(struct mx_keeper *k, bool next, uint8_t out[32])
{
    const char *why;

    if (!next) {
        return mx_identity_spki_sha256(&k->id, out);
    }
    if (!k->kept || mx_idstore_len(&k->store, MX_ID_NEXT_KEY) == 0) {
        return MX_EINVAL;
    }
    return run(k, do_digest, out, &why);
}
