/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS session (server side) as a transformer of bytes, in the words of
 * smtp.h. Nothing here knows a socket.
 *
 *               push()                    in_buf/ack()
 *   records ──────────────► ┌────────┐ ──────────────────► plaintext
 *                           │ mx_tls │
 *   records ◄────────────── └────────┘ ◄────────────────── plaintext
 *            out_buf/ack()                    write()
 *
 * TLS 1.2 and 1.3, ECDHE with AEAD only, P-256 and X25519, session tickets, no
 * renegotiation (RFC 8446, 5246; 1.0 and 1.1 never, RFC 8996).
 *
 * All of mbedTLS's memory comes from one arena of MX_ARENA_SIZE bytes, which
 * also holds the identity and the shared configuration.
 */
#ifndef TINYMX_TLS_H
#define TINYMX_TLS_H

#include "tinymx/config.h"
#include "tinymx/identity.h"
#include "tinymx/mail.h"

/* --- the arena ---------------------------------------------------------- */

struct mx_arena_stats {
    size_t size;       /* of the arena */
    size_t used;       /* now, overhead included */
    size_t peak;       /* high-water mark of `used` */
    size_t largest;    /* largest block that could be had now */
    uint32_t blocks;   /* allocated now */
    uint32_t failures; /* requests that could not be met, ever */
};

/* Once, before anything else of this header or identity.h; again only when
 * nothing of theirs lives any more. Starts mbedTLS's PSA crypto.
 * 0, or MX_EENTROPY when the platform has no randomness. */
int mx_tls_arena_init(void);
void mx_tls_arena_stats(struct mx_arena_stats *stats);

/* --- the server's side, once -------------------------------------------- */

/* Contents private to firmware/tls. */
struct mx_tls_server_impl;
struct mx_tls_server {
    struct mx_tls_server_impl *impl;
};

/* Configuration shared by all sessions. `id` is loaded, and lives longer.
 * 0, MX_ENOMEM, MX_EINVAL. */
int mx_tls_server_init(struct mx_tls_server *server,
                       const struct mx_identity *id);
void mx_tls_server_free(struct mx_tls_server *server);

/* Another identity for the handshakes that begin from now on. The old one is not
 * looked at, and may be gone already; tickets given under it are not taken any
 * more. Not while there is a session in MX_TLS_HANDSHAKE. 0; MX_EINVAL; MX_ENOMEM:
 * none is in use, and handshakes fail (what the old one took is enough, if
 * nobody else had it). */
int mx_tls_server_identify(struct mx_tls_server *server,
                           const struct mx_identity *id);

/* --- client certificates ------------------------------------------------ */

/* Who may be a client, for a device that takes mail from one relay only: the
 * certificates of authorities, or of the relay itself. In the arena. */
struct mx_client_ca_impl;
struct mx_client_ca {
    struct mx_client_ca_impl *impl; /* NULL: none loaded */
};

/* Reads one or more certificates, PEM or DER; the bytes are not needed
 * afterwards. 0, MX_EFORMAT, MX_ENOTSUP (a kind of key or signature that this
 * build does not have), MX_ENOMEM. On error nothing is loaded, and *why (if not
 * NULL) is a static sentence. */
int mx_client_ca_load(struct mx_client_ca *ca, const void *cert, size_t len,
                      const char **why);
void mx_client_ca_free(struct mx_client_ca *ca);

/* From now on every handshake asks for a certificate of the client. One that is
 * missing or not good does not end the handshake: the facts say so, and SMTP
 * refuses it in words (RFC 3207 4.1). `ca` lives as long as the server.
 *
 * Tickets are no longer given or taken: in mbedTLS a resumed session of TLS 1.3
 * has forgotten what became of its client's certificate. Dates are checked
 * where the platform knows the time. */
void mx_tls_server_ask_clients(struct mx_tls_server *server,
                               const struct mx_client_ca *ca);

/* --- a session ---------------------------------------------------------- */

enum mx_tls_state {
    MX_TLS_OFF,       /* not started, or ended */
    MX_TLS_HANDSHAKE, /* push() and send until it changes */
    MX_TLS_OPEN,      /* facts() are known, plaintext flows */
    MX_TLS_EOF,       /* the peer sent close_notify: an honest end */
    MX_TLS_FAILED,    /* error(): nothing more comes in; an alert may have to
                         go out still */
};

/* Contents private to firmware/tls. */
struct mx_tls_impl;
struct mx_tls {
    struct mx_tls_impl *impl; /* in the arena */
    uint8_t state;            /* enum mx_tls_state */
    bool closing;             /* close_notify was asked for */
    bool closed;              /* and made */
    bool eof;                 /* the network's end */
    bool proven;              /* our certificate was sent: not resumed */
    bool retried;             /* we asked for another ClientHello */
    uint8_t idle;             /* records since the last that brought anything */
    uint8_t alert;            /* the peer's, if that is the error */
    int error;                /* mbedTLS's code, negative */
    const uint8_t *in;        /* records: what push() is offering now */
    size_t in_len;
    const uint8_t *out; /* records: inside mbedTLS, waiting */
    size_t out_len;
    size_t out_done; /* acknowledged, not yet told to mbedTLS */
    struct mx_tls_facts facts;
};

/* Begins a handshake. 0, or MX_ENOMEM: there is no room now (nothing was begun;
 * mx_tls_end() need not be called). */
int mx_tls_start(struct mx_tls *t, const struct mx_tls_server *server);

enum mx_tls_state mx_tls_state(const struct mx_tls *t);

/* Takes records from the network; returns how many bytes. It takes fewer than
 * `len` while plaintext waits in in_buf() or records in out_buf(): drain those
 * and offer the rest again. After close_notify or a failure it takes and
 * ignores everything. */
size_t mx_tls_push(struct mx_tls *t, const void *data, size_t len);

/* The network's end: a FIN arrived, and everything before it was taken. With
 * no close_notify before it that is a truncation, and the state becomes
 * MX_TLS_FAILED: at once, or when the plaintext that came whole before it has
 * been acknowledged. */
void mx_tls_push_eof(struct mx_tls *t);

/* Plaintext that came out, a record at a time; NULL and *len 0 when there is
 * none. The bytes stay where they are, inside mbedTLS, until acknowledged. When
 * all are, more may follow without another push(). */
const void *mx_tls_in_buf(struct mx_tls *t, size_t *len);
void mx_tls_in_ack(struct mx_tls *t, size_t len);

/* Takes plaintext for the peer; returns how many bytes: 0 while the records of
 * an earlier write() are still in out_buf(), or when the state is not OPEN. */
size_t mx_tls_write(struct mx_tls *t, const void *data, size_t len);

/* Records for the network; NULL and *len 0 when there are none. The bytes stay
 * where they are, inside mbedTLS, until acknowledged. */
const void *mx_tls_out_buf(struct mx_tls *t, size_t *len);
void mx_tls_out_ack(struct mx_tls *t, size_t len);

/* Sends close_notify (once, when earlier records are gone); out_buf() has it. */
void mx_tls_close(struct mx_tls *t);

/* Gives everything back to the arena. Fine in every state, also twice. */
void mx_tls_end(struct mx_tls *t);

/* Valid when OPEN and until the end. */
const struct mx_tls_facts *mx_tls_facts(const struct mx_tls *t);

/* Why it failed: mbedTLS's code, and a short static text. */
int mx_tls_error(const struct mx_tls *t);
const char *mx_tls_error_text(const struct mx_tls *t);

#endif
