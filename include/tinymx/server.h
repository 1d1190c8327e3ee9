/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole MX: a listener on lwIP, sessions, deadlines.
 *
 *     mx_tls_arena_init();
 *     mx_identity_load(&id, ...);
 *     mx_server_init(&server, &config);        lwIP is up, a netif is added
 *     for (;;) {
 *         move frames between the netif and lwIP, run lwIP's timers;
 *         uint32_t ms = mx_server_poll(&server);
 *         sleep until a frame arrives, at most `ms`;
 *     }
 *
 * One thread. lwIP's callbacks only note what happened; all work is done in
 * mx_server_poll(), so nothing here is ever entered twice, and a policy or a
 * sink may take its time. lwIP may have a thread of its own: nothing here is to be
 * called in that, nor with its core locked.
 */
#ifndef TINYMX_SERVER_H
#define TINYMX_SERVER_H

#include "tinymx/policy.h"
#include "tinymx/pop3.h"
#include "tinymx/sink.h"
#include "tinymx/smtp.h"
#include "tinymx/tls.h"
#include "tinymx/trace.h"

struct mx_pop3_server;

/* Copied by mx_server_init(); what it points to lives as long as the server.
 * Zero means the default of tinymx/config.h. */
struct mx_server_config {
    /* What only you can know. */
    const char *mx_name;                /* host name in the MX record */
    struct mx_sink *sink;               /* where mail goes */
    const struct mx_policy *policy;     /* whose mail it is */
    const struct mx_identity *identity; /* NULL: no TLS is offered */

    /* For a device that takes mail from one relay only: whoever shows no
     * certificate of these in TLS gets 554 5.7.0 to every command but QUIT
     * (RFC 3207 4.1), and mail in clear is not taken. NULL: nobody is asked. */
    const struct mx_client_ca *client_ca;

    /* The zone of a DNS block list (RFC 5782), which is asked about every peer:
     * one that is listed gets 554 5.7.1 to MAIL. NULL: nothing is asked. A list
     * that does not answer keeps no mail out. */
    const char *dnsbl;

    /* Who reads mail over POP3 (pop3_server.h). Needs an identity. NULL: nobody,
     * and none of its code is linked. */
    struct mx_pop3_server *pop3;

    /* Ports. */
    uint16_t port;     /* 0: 25 */
    uint16_t tls_port; /* implicit TLS (RFC 8314), usually 465; 0: none */

    /* Limits, at most the pools of tinymx/config.h. */
    uint16_t sessions;
    uint16_t tls_sessions;
    uint16_t peer_sessions;   /* of one peer; 0xffff: no limit */
    uint16_t peer_connects;   /* of one peer in a minute; 0xffff: no limit */
    uint16_t peer_handshakes; /* of one peer in a minute; 0xffff: no limit */
    uint32_t max_message;
    uint16_t max_rcpt;
    uint16_t max_mail;  /* 0xffff: no limit */
    bool require_tls;   /* needs an identity. Not for a public MX: RFC 3207 4 */
    uint8_t max_errors; /* 255: no limit */
    uint8_t max_idle;   /* 255: no limit */
    uint8_t max_unknown; /* at most 127 */

    /* Deadlines, seconds. */
    uint16_t greet_s; /* the greeting is held back for so long */
    uint16_t first_s; /* 0: at most command_s */
    uint16_t command_s;
    uint16_t data_s;
    uint16_t min_rate;  /* octets a second of a message; 0xffff: no limit */
    uint16_t session_s; /* 0xffff: no limit */
    uint16_t handshake_s;
    uint16_t tls_wait_s;
    uint16_t linger_s;
    uint16_t slow_s;  /* unknown recipients beyond max_unknown */
    uint16_t evict_s; /* idle for so long, for a newcomer; 0xffff: never */
};

/* Counters since mx_server_init(), and levels now. */
struct mx_server_stats {
    uint32_t uptime_s;           /* as of the last mx_server_poll() */
    uint32_t connections;        /* accepted; not those refused at once */
    uint32_t refused;            /* told 421 at once: no slot */
    uint32_t refused_peer;       /* told 421 at once: has too many of them */
    uint32_t refused_rate;       /* told 421 at once: comes too often */
    uint32_t handshakes_refused; /* told 421 at STARTTLS: wants too many */
    uint32_t handshakes;         /* completed */
    uint32_t handshakes_failed;
    uint32_t breaches;  /* bytes behind STARTTLS */
    uint32_t early;     /* spoke before the greeting, or before their turn */
    uint32_t tls_waits; /* a STARTTLS that had to wait */
    uint32_t accepted;  /* messages committed */
    uint32_t aborted;   /* messages opened and not committed */
    uint32_t rcpts_refused;
    uint32_t blocked;  /* MAIL of a peer that is on the block list */
    uint32_t evicted;  /* idle sessions, for a newcomer */
    uint32_t timeouts; /* deadlines of any kind; of these: */
    uint32_t too_slow; /* a message below the minimum rate */
    uint32_t too_long; /* a whole session */
    uint32_t logins;   /* over POP3, */
    uint32_t logins_failed;
    uint32_t fetched;      /* messages sent by it, */
    uint32_t deleted;      /* and deleted */
    uint16_t sessions;     /* now */
    uint16_t tls_sessions; /* now */
    uint16_t sessions_peak;
    uint16_t tls_sessions_peak;
};

/* Who a peer is for limits: the host of an IPv4 address, the /64 of an IPv6
 * one. */
struct mx_prefix {
    uint32_t half[2];
};

struct tcp_pcb;
struct pbuf;

/* Room for "IPv6:", an address and its end. */
#define MX_PEER_TEXT 48

/* A TCP connection. Contents private to firmware/net. */
struct mx_conn {
    struct tcp_pcb *pcb;     /* NULL: gone */
    struct pbuf *rx;         /* received, not yet consumed */
    uint16_t rx_at;          /* bytes consumed of the first pbuf of rx */
    bool eof;                /* the peer's FIN came, behind rx */
    bool lost;               /* reset, or lwIP gave up on it */
    bool shut;               /* our FIN was sent, or will be */
    char peer[MX_PEER_TEXT]; /* "192.0.2.1" or "IPv6:2001:db8::1" */
    uint16_t peer_port;
};

/* How long a session may take. Contents private to firmware/server. */
struct mx_deadline {
    uint32_t began_ms;  /* the session */
    uint32_t since_ms;  /* what it does now */
    uint32_t waited_ms; /* for the octets of this message, */
    uint32_t heard;     /* of which so many came */
    uint16_t seconds;   /* for what it does now */
};

/* A session: where connection, TLS, engine and sink meet. Contents private to
 * firmware/server. */
struct mx_session {
    uint8_t state;    /* enum session_state */
    bool implicit;    /* TLS from the first byte */
    bool pop3;        /* and not SMTP */
    bool ending;      /* our last words are said, or given up */
    bool waiting;     /* for a TLS slot */
    bool stalled;     /* the sink said MX_EAGAIN, or the reply is held */
    bool held;        /* the reply is held back, */
    uint32_t held_ms; /* since then */
    uint32_t id;      /* unique since boot */
    uint32_t drained; /* bytes thrown away after our FIN */
    struct mx_deadline deadline;
    struct mx_tls *tls; /* one of the server's, or NULL */
    int msg;            /* the sink's open message, or -1 */
    size_t lent;        /* input that the engine took and may still point to */
    size_t body_at;     /* how much of this body the sink has taken */
    uint32_t octets;    /* of this message */
    uint32_t rcpts;     /* of this message */
    struct mx_envelope env;
    struct mx_trace trace;     /* our Received: line, */
    struct mx_span trace_left; /* and what of it is still to be written */
    struct mx_conn conn;
    union {
        struct mx_smtp smtp;
        struct mx_pop3 pop3_engine;
    };
};
_Static_assert(sizeof(struct mx_pop3) <= sizeof(struct mx_smtp),
               "POP3 costs a session no RAM");

/* How often each peer came in this minute. Contents private to
 * firmware/server. */
struct mx_peer {
    struct mx_prefix prefix;
    uint16_t count[2]; /* by enum peers_event */
};
struct mx_peers {
    uint32_t minute_ms; /* when it began */
    struct mx_peer row[MX_PEERS];
};

/* One of the last sessions that said who they are. */
struct mx_recent {
    uint32_t id;         /* as in the log; 0: there was none */
    const char *version; /* of TLS, "TLSv1.3"; NULL: in clear */
    const char *cipher;
    bool resumed;
    char name[MX_RECENT_NAME]; /* its EHLO, maybe cut off; printable ASCII */
};

struct mx_server {
    struct mx_server_config cfg; /* with the defaults filled in */
    struct mx_smtp_config smtp_cfg;
    struct mx_tls_server tls_server;
    struct mx_server_stats stats;
    struct tcp_pcb *listener[4]; /* SMTP and POP3: STARTTLS, implicit TLS */
    uint32_t last_id;            /* of a session or a message */
    uint32_t second_ms;          /* when the last second of uptime began */
    struct mx_peers peers;
    struct mx_session session[MX_SESSIONS];
    struct mx_tls tls[MX_TLS_SESSIONS];
    bool tls_taken[MX_TLS_SESSIONS];
    uint8_t lent;   /* the TLS session that is somebody else's, from 1 */
    bool lend;      /* the next one that comes free is */
    bool changing;  /* no handshake begins: the identity is to change */
    uint8_t newest; /* of recent[] */
    struct mx_recent recent[MX_RECENT];
};

/* Opens the listeners. 0; MX_EINVAL: the configuration, and why is logged;
 * MX_ENOMEM; MX_EEXIST: a port is taken. */
int mx_server_init(struct mx_server *server,
                   const struct mx_server_config *cfg);

/* Does all that can be done now, for every session. Returns the milliseconds
 * after which it wants to be called again even if nothing arrives. */
uint32_t mx_server_poll(struct mx_server *server);

/* Ends every session: open messages are aborted, peers are told 421 as far as
 * that goes without waiting. The listeners are closed. */
void mx_server_stop(struct mx_server *server);

const struct mx_server_stats *mx_server_stats(const struct mx_server *server);

/* The `n`th of the last sessions, the newest first. NULL: there is none. */
const struct mx_recent *mx_server_recent(const struct mx_server *server,
                                         size_t n);

/* --- a change of identity, without a restart ------------------------------ */

/* Whoever changes it needs memory of the arena: what a TLS session would take,
 * so that none of those fails for the want of it. True: a place is lent, until it
 * is returned. False: not yet; the next one that comes free will be, and whoever
 * wants to start TLS waits meanwhile. */
bool mx_server_lend(struct mx_server *server);

/* True: no handshake is under way, and none begins until the place is returned.
 * False: call again; those that come wait. */
bool mx_server_quiet(struct mx_server *server);

/* When it is quiet: handshakes that begin from now on show `id`, which lives until
 * the next change or the server's end, and nothing of the one before is used any
 * more; it may be gone already. A server that had none begins to offer TLS. 0, or
 * what mx_tls_server_identify() or mx_tls_server_init() say. */
int mx_server_identify(struct mx_server *server, const struct mx_identity *id);

void mx_server_return(struct mx_server *server);

#endif
