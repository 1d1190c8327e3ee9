/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The session's side of the reset after STARTTLS (server/session.h): what
 * session_run() does when the handshake is done.
 *
 * Proven: two sessions of any past, whatever they heard in clear, are the same
 * byte by byte after the reset, if they agreed before in what is not the peer's
 * word in clear; agree() lists that. The engine in them is the one that reset.c
 * proves. A field that is new in struct mx_session makes this fail until the
 * reset clears it, or it is listed with a reason.
 *
 * Bounds: SMTP alone. CBMC loses track of a union's members, so the engines of
 * a session stand side by side here (-D union=struct). Any bytes in both sessions
 * before, but that no message is open and no input lent: MX_ASSERT holds that in
 * every build.
 *
 * Real: session.c, protocol.c, delivery.c, deadline.c, manners.c, ending.c.
 * Stubs, below: mx_smtp_init() makes an engine of its arguments and nothing
 * else, and it is in no body, as reset.c proves of the real one; TLS is open; the
 * clock stands; the connection is lost a step later, and there we look. The log,
 * lwIP and the channel are not asked for anything that the proof is about.
 */
#include "server/session.h"

#include "net/conn.h"
#include "proof.h"
#include "server/channel.h"
#include "server/recent.h"
#include "util/log.h"

static struct mx_server srv;
static struct mx_tls_facts facts;
static struct mx_smtp engine[2]; /* by `greet` */
static uint32_t now_ms;
static struct mx_session a;
static struct mx_session b;

/* The session that runs, its steps, and how it was after the first. */
static const struct mx_session *running;
static int steps_done;
static struct mx_session seen;

struct mx_session nondet_session(void);
struct mx_server nondet_server(void);
struct mx_smtp nondet_smtp(void);

/* --- stubs -------------------------------------------------------------- */

void mx_smtp_init(struct mx_smtp *s, const struct mx_smtp_config *cfg,
                  const struct mx_tls_facts *tls, bool greet)
{
    PROVE(cfg == &srv.smtp_cfg && tls == &facts, "what TLS knows");
    *s = engine[greet];
}

bool mx_smtp_in_body(const struct mx_smtp *s)
{
    (void)s;
    return false;
}

const char *mx_smtp_helo(const struct mx_smtp *s)
{
    return s->helo;
}

bool conn_lost(const struct mx_conn *c)
{
    (void)c;
    if (steps_done == 1) {
        seen = *running;
    }
    return steps_done++ > 0;
}

const struct mx_tls_facts *mx_tls_facts(const struct mx_tls *t)
{
    (void)t;
    return &facts;
}

enum mx_tls_state mx_tls_state(const struct mx_tls *t)
{
    (void)t;
    return MX_TLS_OPEN;
}

bool channel_pump(struct mx_session *s)
{
    (void)s;
    return nondet_bool();
}

uint32_t mx_port_now_ms(void)
{
    return now_ms;
}

void channel_end_tls(struct mx_server *server, struct mx_session *s)
{
    (void)server;
    (void)s;
}

/* Looks only. */
void recent_note(struct mx_server *server, const struct mx_session *s)
{
    (void)server;
    (void)s;
}

void conn_flush(struct mx_conn *c)
{
    (void)c;
}

void conn_close(struct mx_conn *c)
{
    (void)c;
}

void log_begin(enum mx_log_level level, const char *event, uint32_t sid)
{
    (void)level;
    (void)event;
    (void)sid;
}

void log_str(const char *key, const char *value)
{
    (void)key;
    (void)value;
}

void log_text(const char *key, const char *value)
{
    (void)key;
    (void)value;
}

void log_u32(const char *key, uint32_t value)
{
    (void)key;
    (void)value;
}

void log_end(void)
{
}

void log_event(enum mx_log_level level, const char *event, uint32_t sid)
{
    (void)level;
    (void)event;
    (void)sid;
}

/* --- the proof ---------------------------------------------------------- */

/* What a session keeps, since no word of the peer in clear is in it. */
static void agree(void)
{
    b.id = a.id;
    b.implicit = a.implicit; /* which port it came to */
    b.pop3_engine = a.pop3_engine; /* stands elsewhere in a proof */
    b.conn = a.conn;         /* what lwIP holds: who, and bytes not yet read */
    b.tls = a.tls;           /* its TLS session */
    b.ending = a.ending;     /* our doing: we said 421 */
    b.waiting = a.waiting;   /* for a TLS slot, which it has */
    b.drained = a.drained;   /* counts after our FIN only */
    b.deadline.began_ms = a.deadline.began_ms; /* all of it has one limit */
    if (a.ending) { /* else the next thing has a time of its own */
        b.deadline.since_ms = a.deadline.since_ms;
        b.deadline.seconds = a.deadline.seconds;
    }
    a.lent = b.lent = 0;
    a.msg = b.msg = -1;
}

/* Bytes between two members that are of neither. A new member there would be
 * taken for a gap: so their widths are stated. */
static void close_gap(struct mx_session *s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        ((char *)s)[i] = 0;
    }
}

#define END_OF(member) (offsetof(struct mx_session, member) + sizeof a.member)
#define GAP(before, after) END_OF(before), offsetof(struct mx_session, after)
_Static_assert(offsetof(struct mx_session, held_ms) - END_OF(held) == 1, "gap");
_Static_assert(offsetof(struct mx_session, tls) - END_OF(deadline.seconds) == 2,
               "gap");
_Static_assert(offsetof(struct mx_session, lent) - END_OF(msg) ==
                   sizeof(void *) - 4,
               "gap");

static void be_shaken(struct mx_session *s)
{
    *s = nondet_session();
    s->state = SESSION_HANDSHAKE;
    s->implicit = nondet_bool();
    s->pop3 = false;
    s->ending = nondet_bool();
    s->waiting = nondet_bool();
    s->stalled = nondet_bool();
    s->held = nondet_bool();
    close_gap(s, GAP(held, held_ms));
    close_gap(s, GAP(deadline.seconds, tls));
    close_gap(s, GAP(msg, lent));
}

static struct mx_session run(struct mx_session *s)
{
    running = s;
    steps_done = 0;
    (void)session_run(&srv, s);
    PROVE(steps_done > 1, "a step was made");
    return seen;
}

static bool is_same(const void *x, const void *y)
{
    const char *p = x;
    const char *q = y;
    bool same = true;

    for (size_t i = 0; i < sizeof(struct mx_session); i++) {
        same = same && p[i] == q[i];
    }
    return same;
}

int main(void)
{
    struct mx_session x;
    struct mx_session y;

    srv = nondet_server();
    ASSUME(srv.stats.handshakes < UINT32_MAX - 1);
    ASSUME(srv.stats.handshakes_failed < UINT32_MAX - 1);
    ASSUME(srv.stats.sessions > 1);
    now_ms = nondet_u32();
    engine[0] = nondet_smtp();
    engine[1] = nondet_smtp();
    be_shaken(&a);
    be_shaken(&b);
    agree();
    REACHED(a.octets != b.octets && a.env.flags != b.env.flags &&
            a.smtp.helo[0] != b.smtp.helo[0]);
    REACHED(a.held && !b.held && a.deadline.heard > b.deadline.heard);
    REACHED(a.ending);
    x = run(&a);
    y = run(&b);
    PROVE(x.state == SESSION_TLS, "it goes on inside TLS");
    PROVE(is_same(&x, &y), "nothing heard in clear is left");
    PROVE(!x.stalled && !x.held && x.held_ms == 0, "and nothing is held back");
    REACHED(a.implicit);
    REACHED(!a.implicit);
    return 0;
}
