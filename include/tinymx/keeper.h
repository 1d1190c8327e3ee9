/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keeps the identity of a device: makes it at the first start, looks after it
 * day by day, and changes it while the device serves.
 *
 *     mx_tls_arena_init();
 *     mx_keeper_start(&keeper, &config);
 *     server_config.identity = mx_keeper_identity(&keeper);
 *     mx_server_init(&server, &server_config);
 *     mx_keeper_serve(&keeper, &server);
 *     for (;;) { ... mx_server_poll(&server); mx_keeper_poll(&keeper); ... }
 *
 *             make, self-sign         request ──► CA ──► install
 *     (none) ────────────────► in use ──────────────────────► in use
 *                                │ next: a key made ahead, its TLSA published
 *                                ▼
 *                              in use + next ──switch, or install for it──► in use
 *
 * All memory that a change needs comes from the arena, which has room for it
 * when one TLS session fewer lives: a change waits for a place of those
 * (MX_EAGAIN, call again), and holds it until it is over. Sessions go on;
 * handshakes under way end with the identity that they began with.
 */
#ifndef TINYMX_KEEPER_H
#define TINYMX_KEEPER_H

#include "tinymx/identity.h"
#include "tinymx/idstore.h"

struct mx_server;

/* Copied. What the owner gave is needed at the start alone; the rest lives as
 * long as the keeper. */
struct mx_keeper_config {
    const char *mx_name;

    /* Where it is kept; NULL: nowhere, it is gone at the next start. */
    struct mx_block *dev;
    uint32_t first;
    uint32_t blocks;

    /* What the owner gave; length 0: nothing. Certificate and key, PEM or DER:
     * these are the identity, and only the owner changes them. A certificate
     * alone, DER, is one for the device's own key, and installed if it is. */
    struct mx_span cert;
    struct mx_span key;

    bool anyway; /* TLS is offered even if the certificate is of another name */
};

struct mx_keeper_paste; /* private */

/* To be looked at; contents private to firmware/identity beside. */
struct mx_keeper {
    struct mx_keeper_config cfg;
    struct mx_identity id;
    struct mx_idstore store;
    struct mx_server *server;
    struct mx_keeper_paste *paste; /* in the arena */
    uint32_t checked_ms;
    uint32_t asked_ms; /* by whom something is held for */
    bool waits;        /* and had to wait */
    uint16_t flags;    /* enum mx_identity_flag, of the last check */
    uint8_t bound;     /* which of the warnings before the end was given */
    uint8_t changes;   /* of the identity since the start */
    bool kept;         /* the store is there */
    bool made;         /* at this start */
};

/* Blocks of a device like this that `blocks` has to be, at least. */
uint32_t mx_keeper_blocks(const struct mx_block *dev);

/* Loads the identity, or makes one. 0, or the error, which is logged with its
 * reason in *why, a static sentence: mx_keeper_identity() is NULL then. What a damaged or missing device
 * under the store means is logged too, and the identity is one of this life. */
int mx_keeper_start(struct mx_keeper *k, const struct mx_keeper_config *cfg,
                    const char **why);
void mx_keeper_stop(struct mx_keeper *k);

/* For the server: NULL, when there is none, or none that may be shown. */
const struct mx_identity *mx_keeper_identity(const struct mx_keeper *k);

/* The server that changes go to. */
void mx_keeper_serve(struct mx_keeper *k, struct mx_server *server);

/* Looks at it once a day, and when the clock is set. */
void mx_keeper_poll(struct mx_keeper *k);

/* --- changes: 0, MX_EAGAIN, or an error with *why, a static sentence ------ */

/* A new key and a certificate of its own, at once. */
int mx_keeper_new(struct mx_keeper *k, const char **why);

/* A chain, DER, for the key in use, or for the next one, which is switched to
 * then. */
int mx_keeper_install(struct mx_keeper *k, struct mx_span chain,
                      const char **why);

/* A next key. MX_EEXIST: there is one. */
int mx_keeper_next(struct mx_keeper *k, const char **why);

/* The next key, with a certificate of its own. MX_EINVAL: there is none. */
int mx_keeper_switch(struct mx_keeper *k, const char **why);

/* No next key any more. */
int mx_keeper_drop(struct mx_keeper *k, const char **why);

/* After MX_EAGAIN: it is not wanted any more. Who does not call again for two
 * seconds is taken for somebody who does not want it. */
void mx_keeper_cancel(struct mx_keeper *k);

/* A chain in PEM, line by line without their ends, then installed. From its
 * begin to its end or mx_keeper_cancel() a TLS session's place is taken; a minute
 * without a line is a cancel (MX_ECLOSED). */
int mx_keeper_paste(struct mx_keeper *k, const char **why);
int mx_keeper_paste_line(struct mx_keeper *k, const char *line, size_t len,
                         const char **why);
int mx_keeper_paste_end(struct mx_keeper *k, const char **why);

/* The same of a whole text, or of DER. */
int mx_keeper_install_text(struct mx_keeper *k, const char *text, size_t len,
                           const char **why);

/* --- questions, with the same answers ------------------------------------- */

/* A request for a certificate of the key in use, or of the next: PEM, terminated,
 * shown to `see`. */
int mx_keeper_request(struct mx_keeper *k, bool next,
                      void (*see)(void *ctx, const char *pem), void *ctx,
                      const char **why);

/* The data of the TLSA 3 1 1 of the key in use, or of the next. MX_EINVAL: there
 * is none. */
int mx_keeper_digest(struct mx_keeper *k, bool next, uint8_t out[32]);

#endif
