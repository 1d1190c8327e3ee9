/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * POP3 for the server: the mail of a spool, for one user, over TLS.
 *
 *     struct mx_pop3_server pop3;
 *     rc = mx_pop3_server_init(&pop3, &(struct mx_pop3_server_config){
 *         .spool = &spool, .user = "joe", .verifier = "pbkdf2-sha256$...",
 *         .port = 110});
 *     config.pop3 = &pop3;
 *
 * One session reads at a time, and has the spool locked: what is there when it
 * logs in stays till it leaves. It sees the oldest MX_POP3_MESSAGES messages;
 * mail that comes meanwhile is for the next one. What was sent whole by RETR is
 * marked as seen; what was marked by DELE is deleted at QUIT. Unique-ids are the
 * spool's identity and the message's number: they outlive a restart.
 */
#ifndef TINYMX_POP3_SERVER_H
#define TINYMX_POP3_SERVER_H

#include "tinymx/password.h"
#include "tinymx/pop3.h"
#include "tinymx/spool.h"

/* Zero means the default of tinymx/config.h. */
struct mx_pop3_server_config {
    struct mx_spool *spool;
    const char *user;     /* 1 to MX_POP3_NAME_MAX octets */
    const char *verifier; /* of the password; see password.h */

    /* Ports; 0: none. One at least. */
    uint16_t port;     /* with STLS (RFC 2595), usually 110 */
    uint16_t tls_port; /* TLS from the first byte (RFC 8314), usually 995 */

    uint16_t sessions; /* at once, logged in or not */
    uint16_t idle_s;   /* a client may be silent for so long: 600 at least */
};

struct mx_protocol;

struct mx_pop3_server {
    const struct mx_protocol *protocol;
    struct mx_pop3_server_config cfg; /* with the defaults filled in */

    /* Private. */
    struct mx_pop3_config engine; /* as the server's configuration has it */
    struct mx_password password;  /* being tried */
    struct mx_maildrop {
        struct mx_spool *spool;
        uint32_t holder;  /* the session that tries a password or reads */
        uint8_t stage;    /* enum maildrop_stage, of that session */
        uint16_t place;   /* of `mail`; 0: before the first */
        uint16_t opening; /* `mail` is being checked; 0: it is not, */
        uint32_t checked; /* and so many bytes of it were right */
        uint32_t serial;  /* of the last commit before it logged in */
        uint32_t lost;    /* messages that the spool had lost by then */
        struct mx_spool_mail mail;
        struct mx_pop3_drop drop;
    } maildrop;
};

/* 0; MX_EINVAL: something is missing or too long; MX_EFORMAT: the verifier is
 * none. Texts and the spool are kept. */
int mx_pop3_server_init(struct mx_pop3_server *pop3,
                        const struct mx_pop3_server_config *cfg);

#endif
