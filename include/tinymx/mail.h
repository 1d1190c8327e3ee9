/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The words that engines, policy and sink share: a span of bytes, a mailbox
 * path, an answer, how a session ends, what TLS says of it, an envelope.
 *
 * A span is borrowed: it is valid until the call it was handed to returns, or
 * for as long as the function that returned it says. It is not terminated.
 */
#ifndef TINYMX_MAIL_H
#define TINYMX_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mx_span {
    const char *ptr;
    size_t len;
};

/*
 * A reverse-path or forward-path (RFC 5321 4.1.2), without its angle brackets
 * and without a source route, which is accepted and ignored.
 *
 *   <joe@example.test>       text joe@example.test  local joe   domain ...
 *   <"joe b"@[192.0.2.1]>    local keeps its quotes, domain its brackets
 *   <>                       everything empty: the null reverse-path
 *   <Postmaster>             domain empty
 */
struct mx_path {
    struct mx_span text;
    struct mx_span local;
    struct mx_span domain;
};

/* What a policy, a sink or the server says to a question of the engine. The
 * engine's table makes a reply of it; see firmware/smtp. */
enum mx_answer {
    MX_YES,      /* 2xx, or 354 */
    MX_NO,       /* 5xx: not wanted here, for good */
    MX_NO_USER,  /* 550 5.1.1: our domain, nobody of that name */
    MX_NO_RELAY, /* 550 5.7.1: not our domain */
    MX_BLOCKED,  /* 554 5.7.1: the peer is on a block list */
    MX_TOO_BIG,  /* 552 5.3.4 */
    MX_LATER,    /* 451 4.3.0: a passing fault of ours */
    MX_FULL,     /* 452 4.3.1: no room to store it */
    MX_BUSY,     /* 421 4.3.2 and close: no slot, try again */
    MX_BREACH,   /* 554 5.5.0 and close: the peer broke the protocol */
    MX_ANSWERS   /* how many there are */
};

/* Why the host ends a session. */
enum mx_why {
    MX_WHY_TIMEOUT,
    MX_WHY_SHUTDOWN,
    MX_WHY_EARLY,   /* the peer spoke before its turn */
    MX_WHY_SLOW,    /* its message comes too slowly */
    MX_WHY_LONG,    /* the session takes too long */
    MX_WHY_EVICTED, /* somebody needs its place */
    MX_WHY_BUSY,
    MX_WHY_HANDSHAKES, /* this peer wants too many of them */
};

/* Why a newcomer gets no session. */
enum mx_refusal {
    MX_REFUSE_FULL, /* all of them are taken */
    MX_REFUSE_PEER, /* this peer has too many of them */
    MX_REFUSE_RATE, /* this peer comes too often */
};

/* What TLS says of a session. Strings are static. */
struct mx_tls_facts {
    const char *version;  /* "TLSv1.3" */
    const char *cipher;   /* "TLS_AES_256_GCM_SHA384" */
    bool resumed;         /* by a session ticket */
    bool client_verified; /* a client certificate was asked for and is good */
    const char *client;   /* what is wrong with it, if one was asked for: 554
                             5.7.0 to all but QUIT (RFC 3207 4.1) */
};

/* ESMTP parameters of MAIL (enum mx_mail_flag, or-ed). */
enum mx_mail_flag {
    MX_MAIL_8BITMIME = 1,   /* BODY=8BITMIME (RFC 6152) */
    MX_MAIL_SMTPUTF8 = 2,   /* SMTPUTF8 (RFC 6531) */
    MX_MAIL_REQUIRETLS = 4, /* REQUIRETLS (RFC 8689) */
};

/* All that is known of a message when it is opened. Borrowed. */
struct mx_envelope {
    uint32_t id;                    /* unique since boot; logs show it too */
    const char *mx_name;            /* us */
    const char *peer;               /* "192.0.2.1" or "IPv6:2001:db8::1" */
    const char *helo;               /* EHLO argument, maybe cut off */
    const char *protocol;           /* "ESMTPS", "UTF8SMTPS" ... (RFC 3848) */
    const struct mx_tls_facts *tls; /* NULL: in clear */
    struct mx_path reverse_path;
    uint32_t size;  /* SIZE= of MAIL, 0 when it was not said */
    uint8_t flags;  /* enum mx_mail_flag */
    int64_t time_s; /* seconds since 1970, 0 when the device has no clock */
};

#endif
