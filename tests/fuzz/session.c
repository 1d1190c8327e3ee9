/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whole sessions: mx_server on lwIP and mbedTLS, clients on lwIP and OpenSSL,
 * and between them a link of which the input says what it loses.
 *
 * The input is a script, a line per deed: a letter and its argument. A letter
 * in lower case is followed by what it leads to, until nothing moves any more;
 * one in capitals by nothing, so that the next deed comes right behind it.
 *
 *     =sessions 2     in front of the rest: a field of the configuration, or
 *     =clock 5000     the clock,
 *     =arena 9000     bytes of it that are taken already,
 *     =apart 1        each client comes from an address of its own,
 *     =names 1        nobody but joe has a mailbox,
 *     =client_ca 1    clients have to show a certificate
 *     0 ... 3         the client that what follows is about
 *     o  oi           connects; to the port of implicit TLS
 *     c EHLO me       says a line
 *     t .\r\n         says bytes: \r \n \\ \x00
 *     b 5000          says as many bytes of text in lines
 *     h  h2  h3  hr   EHLO, STARTTLS, an honest handshake; 1.2, 1.3; resuming;
 *     hc  hb          with a good certificate, with a bad one; also h3c
 *     g  g2  g3  gr   the handshake alone, from where the client stands
 *     m 300           a whole mail of so many bytes
 *     n GET /         bytes on the wire as they are, below TLS
 *     x 40            turns a bit of the 40th byte of its records to be sent
 *     k 7             sends no more than seven bytes at once
 *     y  f  r         close_notify; FIN; RST
 *     a               KeyUpdate, or asks to renegotiate
 *     v  u            closes its window; opens it again
 *     w 2500          milliseconds pass
 *     s 3             the server is not called in the next turns: somebody else
 *                     has the processor
 *     d 3  p 3  l 3   the next frames are lost, doubled, late
 *     ew1 5           the next 5 writes say error -1; o: opens, r: recipients,
 *                     c: commits
 *     z 9             a write takes no more than nine bytes; 0: all
 *     q 2             the next 2 calls for entropy fail
 *     i 2             the next 2 calls for random numbers fail
 *
 * At the end all clients leave, and then nothing of them may be left: every
 * pool, the arena, the server's counters. What was promised was committed.
 */
#include "client.h"
#include "fuzz.h"
#include "link.h"
#include "mailbox.h"
#include "random.h"

#include "tinymx/err.h"
#include "tinymx/server.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"
#include "tls/arena.h"

#include <ctype.h>
#include <string.h>

#define CLIENTS 4
/* Time passes in these, or less. lwIP could say when it wants to be called, but
 * then the phase of timers that never stop would tell of earlier inputs. */
#define STEP_MS 125
#define WAIT_MOST_MS 2000000 /* of all `w` in a script */
#define SETTLE_MS 2000       /* for bytes that wait for an ACK */
#define PATIENCE_MS 30000    /* of an honest client for a reply */
#define OPS_MAX 200
#define BULK_MAX 20000
#define TURNS_MAX 100000

static struct client clients[CLIENTS];
static struct client *client; /* that the script is about */
static uint16_t next_port;
static bool apart; /* have they addresses of their own? */
static uint32_t wait_left_ms;
static unsigned asleep; /* turns in which the server is not called */
static struct mx_server server;
static struct mx_identity identity;
static struct mx_client_ca client_ca;
static struct mx_arena_stats empty; /* of the arena, with the identity in it */
static void *ballast;               /* what of it an input has taken away */
static struct mx_table table;

/* --- time --------------------------------------------------------------- */

/* Nothing of an earlier connection comes to a session. */
static void check_connections(void)
{
    for (const struct tcp_pcb *p = tcp_active_pcbs; p != NULL; p = p->next) {
        for (int i = 0; i < MX_SESSIONS; i++) {
            const struct mx_conn *c = &server.session[i].conn;

            FUZZ_CHECK(p->callback_arg != c || c->pcb == p);
        }
    }
}

static uint32_t poll(void)
{
    if (asleep > 0) {
        asleep--;
        return STEP_MS;
    }
    return mx_server_poll(&server);
}

/* Whether anything moved; else *wait_ms says when something might. */
static bool turn(uint32_t *wait_ms)
{
    bool moved = link_deliver();

    sys_check_timeouts();
    *wait_ms = poll();
    check_connections();
    for (int i = 0; i < CLIENTS; i++) {
        moved = client_pump(&clients[i]) || moved;
    }
    if (*wait_ms > STEP_MS) {
        *wait_ms = STEP_MS;
    }
    return moved || *wait_ms == 0;
}

static bool is_sending(void)
{
    for (int i = 0; i < CLIENTS; i++) {
        if (clients[i].pcb != NULL && clients[i].out_fill > 0) {
            return true;
        }
    }
    return false;
}

/* Until nothing moves any more. Who still has something to send waits for an
 * ACK, which may be a delayed one. */
static void settle(void)
{
    uint32_t began = fuzz_now_ms;
    uint32_t wait_ms;
    int turns = 0;

    for (;;) {
        FUZZ_CHECK(++turns < TURNS_MAX); /* else it never ends */
        if (turn(&wait_ms)) {
            continue;
        }
        if (!is_sending() || fuzz_now_ms - began > SETTLE_MS) {
            return;
        }
        fuzz_now_ms += wait_ms;
    }
}

static void wait(uint32_t ms)
{
    uint32_t began = fuzz_now_ms;
    int turns = 0;

    while (fuzz_now_ms - began < ms) {
        uint32_t left = ms - (fuzz_now_ms - began);
        uint32_t wait_ms;

        FUZZ_CHECK(++turns < TURNS_MAX); /* else time does not pass */
        if (!turn(&wait_ms)) {
            fuzz_now_ms += wait_ms < left ? wait_ms : left;
            turns = 0;
        }
    }
}

/* --- deeds -------------------------------------------------------------- */

static void do_open(struct fuzz_in *in)
{
    bool secure = fuzz_u8(in) == 'i';

    client_open(client, apart ? (uint8_t)(2 + (client - clients)) : 1,
                next_port++, secure);
}

static void say(const char *text)
{
    client_say(client, text, strlen(text));
}

static void do_line(struct fuzz_in *in)
{
    (void)fuzz_u8(in); /* the blank */
    client_say(client, in->at, in->left);
    say("\r\n");
}

static uint8_t hex(struct fuzz_in *in)
{
    uint8_t c = fuzz_u8(in);

    return (uint8_t)(isdigit(c) ? c - '0' : (tolower(c) - 'a' + 10) & 0xf);
}

/* What a backslash and what follows it stand for. */
static char escaped(struct fuzz_in *in)
{
    uint8_t c = fuzz_u8(in);

    switch (c) {
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    case 'x':
        c = (uint8_t)(hex(in) << 4);
        return (char)(c | hex(in));
    default:
        return (char)c;
    }
}

/* Takes the escapes away; returns how many bytes are left. */
static size_t plain(struct fuzz_in *in, char *text, size_t room)
{
    size_t len = 0;

    (void)fuzz_u8(in); /* the blank */
    while (in->left > 0 && len < room) {
        char c = (char)fuzz_u8(in);

        text[len++] = c == '\\' ? escaped(in) : c;
    }
    return len;
}

static void do_text(struct fuzz_in *in)
{
    char text[4096];

    client_say(client, text, plain(in, text, sizeof text));
}

static void do_raw(struct fuzz_in *in)
{
    char text[4096];

    client_send(client, text, plain(in, text, sizeof text));
}

static void bulk(size_t len)
{
    static const char line[] = "0123456789 abcdefghijklmnopqrstuvwxyz\r\n";

    for (; len >= sizeof line - 1; len -= sizeof line - 1) {
        say(line);
    }
    client_say(client, line, len);
}

static void do_bulk(struct fuzz_in *in)
{
    bulk(fuzz_number(in, BULK_MAX));
}

static void handshake(struct fuzz_in *in)
{
    struct client_tls how = {.version = 0};

    while (in->left > 0) {
        uint8_t c = fuzz_u8(in);

        how.version = c == '2'   ? TLS1_2_VERSION
                      : c == '3' ? TLS1_3_VERSION
                                 : how.version;
        how.resume = how.resume || c == 'r';
        how.cert = c == 'c' ? CERT_GOOD : c == 'b' ? CERT_BAD : how.cert;
    }
    client_secure(client, &how);
}

static const struct replies *replies(void)
{
    return client->ssl != NULL ? &client->tls : &client->clear;
}

/* Waits for one more than `before`, as long as that is of any use. */
static void await_reply(unsigned before)
{
    uint32_t began = fuzz_now_ms;

    settle();
    while (client->pcb != NULL && !client->eof && replies()->whole == before &&
           fuzz_now_ms - began < PATIENCE_MS) {
        wait(500);
    }
}

/* Says it in its turn: the greeting may be held back. */
static void converse(const char *text)
{
    unsigned before;

    if (client->ssl == NULL && client->clear.whole == 0) {
        await_reply(0);
    }
    before = replies()->whole;
    say(text);
    await_reply(before);
}

static void do_handshake(struct fuzz_in *in)
{
    uint32_t began = fuzz_now_ms;

    if (!client->in_records) {
        converse("EHLO clear.example\r\n");
        converse("STARTTLS\r\n");
    }
    handshake(in);
    settle();
    while (client->pcb != NULL && !client_is_secure(client) &&
           fuzz_now_ms - began < PATIENCE_MS) {
        wait(500);
    }
    if (client_is_secure(client)) {
        fuzz_reached(SSL_session_reused(client->ssl) ? "handshake that resumes"
                                                     : "handshake");
        fuzz_reached(SSL_get_version(client->ssl));
    }
}

static void do_mail(struct fuzz_in *in)
{
    size_t len = fuzz_number(in, BULK_MAX);

    converse("EHLO mail.example\r\n");
    converse("MAIL FROM:<a@b.example>\r\n");
    converse("RCPT TO:<joe@example.test>\r\n");
    converse("DATA\r\n");
    say("Subject: fuzz\r\n\r\n");
    bulk(len);
    say("\r\n.\r\n");
}

static void do_flip(struct fuzz_in *in)
{
    client->flip = fuzz_number(in, CLIENT_OUT_MAX);
}

static void do_cut(struct fuzz_in *in)
{
    client->cut = fuzz_number(in, CLIENT_OUT_MAX);
}

static void do_notify(struct fuzz_in *in)
{
    (void)in;
    client_notify(client);
}

static void do_rekey(struct fuzz_in *in)
{
    (void)in;
    client_rekey(client);
}

static void do_fin(struct fuzz_in *in)
{
    (void)in;
    client_fin(client);
}

static void do_reset(struct fuzz_in *in)
{
    (void)in;
    client_reset(client);
}

static void do_hold(struct fuzz_in *in)
{
    (void)in;
    client_hold(client, true);
}

static void do_take(struct fuzz_in *in)
{
    (void)in;
    client_hold(client, false);
}

static void do_wait(struct fuzz_in *in)
{
    uint32_t ms = fuzz_number(in, wait_left_ms);

    wait_left_ms -= ms;
    wait(ms);
}

static void do_sleep(struct fuzz_in *in)
{
    asleep = fuzz_number(in, 1000);
}

static void do_drop(struct fuzz_in *in)
{
    link_disturb(LINK_DROP, fuzz_number(in, 100));
}

static void do_twice(struct fuzz_in *in)
{
    link_disturb(LINK_TWICE, fuzz_number(in, 100));
}

static void do_late(struct fuzz_in *in)
{
    link_disturb(LINK_LATE, fuzz_number(in, 100));
}

static void do_sink(struct fuzz_in *in)
{
    static const char calls[] = "orwc";
    const char *call = strchr(calls, (char)fuzz_u8(in));
    int err = -(int)(fuzz_u8(in) & 0xf);

    if (call != NULL && *call != '\0' && err < 0) {
        mailbox_fail((enum mailbox_call)(call - calls), err,
                     fuzz_number(in, 1000));
    }
}

static void do_most(struct fuzz_in *in)
{
    mailbox.most = fuzz_number(in, 65536);
}

static void do_no_entropy(struct fuzz_in *in)
{
    fuzz_no_entropy = fuzz_number(in, 100);
}

static void do_no_random(struct fuzz_in *in)
{
    random_fail(fuzz_number(in, 100));
}

/* clang-format off */
static const struct deed {
    char letter;
    void (*run)(struct fuzz_in *in);
} deeds[] = {
    /* the client */
    {'o', do_open},       {'c', do_line},   {'t', do_text},  {'b', do_bulk},
    {'h', do_handshake},  {'g', handshake}, {'m', do_mail},  {'a', do_rekey},
    {'n', do_raw},        {'x', do_flip},   {'k', do_cut},   {'y', do_notify},
    {'f', do_fin},        {'r', do_reset},  {'v', do_hold},  {'u', do_take},
    /* the world */
    {'w', do_wait},       {'d', do_drop},   {'p', do_twice}, {'l', do_late},
    {'e', do_sink},       {'z', do_most},   {'s', do_sleep},
    {'q', do_no_entropy}, {'i', do_no_random},
};
/* clang-format on */

static void run(struct mx_span line)
{
    struct fuzz_in in = {line.ptr, line.len};
    uint8_t letter = fuzz_u8(&in);

    if (letter >= '0' && letter < '0' + CLIENTS) {
        client = &clients[letter - '0'];
        return;
    }
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        if (deeds[i].letter == tolower(letter)) {
            deeds[i].run(&in);
            if (islower(letter)) {
                settle();
            }
        }
    }
}

/* --- configuration ------------------------------------------------------ */

/* clang-format off */
#define FIELD(name, most)                                                      \
    {#name, offsetof(struct mx_server_config, name),                           \
     sizeof(((struct mx_server_config *)0)->name), most}

static const struct field {
    const char *name;
    size_t at, size;
    uint32_t most;
} fields[] = {
    FIELD(sessions, CLIENTS),        FIELD(tls_sessions, MX_TLS_SESSIONS),
    FIELD(peer_sessions, 0xffff),    FIELD(peer_connects, 0xffff),
    FIELD(peer_handshakes, 0xffff),  FIELD(max_message, 100000),
    FIELD(max_rcpt, 100),            FIELD(max_mail, 0xffff),
    FIELD(require_tls, 1),           FIELD(max_errors, 0xff),
    FIELD(max_idle, 0xff),           FIELD(max_unknown, 127),
    FIELD(greet_s, 60),              FIELD(first_s, 600),
    FIELD(command_s, 600),           FIELD(data_s, 600),
    FIELD(min_rate, 0xffff),         FIELD(session_s, 3600),
    FIELD(handshake_s, 600),         FIELD(tls_wait_s, 600),
    FIELD(linger_s, 600),            FIELD(slow_s, 60),
    FIELD(evict_s, 0xffff),
};
/* clang-format on */

/* They are of three widths. */
static void put(void *field, size_t size, uint32_t n)
{
    uint16_t n16 = (uint16_t)n;
    uint8_t n8 = (uint8_t)n;

    memcpy(field,
           size == 1   ? (void *)&n8
           : size == 2 ? (void *)&n16
                       : &n,
           size);
}

static void set_field(struct mx_server_config *cfg, struct mx_span name,
                      struct fuzz_in *in)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct field *f = &fields[i];

        if (fuzz_span_is(name, f->name)) {
            put((char *)cfg + f->at, f->size, fuzz_number(in, f->most));
        }
    }
}

static struct mx_span word(struct fuzz_in *in)
{
    struct mx_span name = {in->at, 0};

    while (in->left > 0 && *in->at != ' ') {
        (void)fuzz_u8(in);
        name.len++;
    }
    return name;
}

static void set(struct mx_server_config *cfg, struct fuzz_in *in)
{
    static const char *const joe[] = {"joe@example.test", NULL};
    struct mx_span name = word(in);

    if (fuzz_span_is(name, "clock")) {
        fuzz_now_ms = fuzz_number(in, UINT32_MAX);
    } else if (fuzz_span_is(name, "arena") && ballast == NULL) {
        ballast = mx_arena_calloc(1, 1 + fuzz_number(in, MX_ARENA_SIZE));
    } else if (fuzz_span_is(name, "apart")) {
        apart = true;
    } else if (fuzz_span_is(name, "names")) {
        mx_table_init(&table, NULL, joe);
    } else if (fuzz_span_is(name, "client_ca")) {
        cfg->client_ca = &client_ca;
    } else {
        set_field(cfg, name, in);
    }
}

static void read_settings(struct mx_server_config *cfg, struct fuzz_in *in)
{
    struct mx_span line;

    while (in->left > 0 && *in->at == '=' && fuzz_line(in, &line)) {
        struct fuzz_in words = {line.ptr + 1, line.len - 1};

        set(cfg, &words);
    }
}

/* --- before and after --------------------------------------------------- */

/* Once: what no input changes. */
static void make_identity(void)
{
    static char cert[MX_IDENTITY_CERT_MAX], key[MX_IDENTITY_KEY_MAX];
    const char *relay = certs[CERT_GOOD].cert;

    FUZZ_CHECK(mx_tls_arena_init() == 0);
    FUZZ_CHECK(mx_identity_make("mx.example.test", 0, cert, key) == 0);
    FUZZ_CHECK(mx_identity_load(&identity, cert, strlen(cert), key, strlen(key),
                                NULL) == 0);
    FUZZ_CHECK(mx_client_ca_load(&client_ca, relay, strlen(relay), NULL) == 0);
    mx_tls_arena_stats(&empty);
}

/* False: there is no memory for a server. */
static bool start(struct fuzz_in *in)
{
    static const char *const rcpts[] = {"*@example.test", NULL};
    struct mx_server_config cfg = {
        .mx_name = "mx.example.test",
        .sink = &mailbox.sink,
        .policy = &table.policy,
        .identity = &identity,
        .tls_port = 465,
        .max_message = 60000,
    };
    int rc;

    if (identity.impl == NULL) {
        make_identity();
    }
    mx_table_init(&table, NULL, rcpts);
    ballast = NULL;
    apart = false;
    asleep = 0;
    read_settings(&cfg, in);
    link_begin();
    mailbox_empty();
    mailbox.secure = cfg.require_tls || cfg.client_ca != NULL;
    mailbox.certified = client_cert_needed = cfg.client_ca != NULL;
    client_forget_all();
    random_begin();
    client = &clients[0];
    next_port = 10000;
    wait_left_ms = WAIT_MOST_MS;
    rc = mx_server_init(&server, &cfg);
    FUZZ_CHECK(rc == 0 || (rc == MX_ENOMEM && ballast != NULL));
    return rc == 0;
}

static bool is_over(void)
{
    return server.stats.sessions == 0;
}

/* How long that may take is the sum of the longest deadlines and of TCP's own
 * patience. */
static void wait_until(bool (*is)(void))
{
    uint32_t left_ms = 3600 * 1000;

    while (!is()) {
        FUZZ_CHECK(left_ms > 0);
        wait(500);
        left_ms -= 500;
    }
}

/* On a link that does no more harm. The clients say nothing more and do not
 * even leave before the server has given them up. */
static void leave(void)
{
    for (int deed = 0; deed < LINK_DEEDS; deed++) {
        link_disturb((enum link_deed)deed, 0);
    }
    asleep = 0;
    for (int i = 0; i < CLIENTS; i++) {
        client_hush(&clients[i]);
    }
    wait_until(is_over);
    for (int i = 0; i < CLIENTS; i++) {
        client_end(&clients[i]);
    }
    wait_until(link_is_quiet);
}

static void check_promises(void)
{
    FUZZ_CHECK(client_promised <= mailbox.committed);
    FUZZ_CHECK(server.stats.accepted == mailbox.committed);
    FUZZ_CHECK(server.stats.aborted == mailbox.aborted);
    FUZZ_CHECK(mailbox.opened == mailbox.committed + mailbox.aborted);
}

static void note_reach(const struct mx_arena_stats *now)
{
    const struct mx_server_stats *stats = &server.stats;
    const struct {
        bool reached;
        const char *what;
    } rows[] = {
        {stats->refused > 0, "refused"},
        {stats->refused_peer > 0, "refused: too many of one peer"},
        {stats->refused_rate > 0, "refused: comes too often"},
        {stats->handshakes_refused > 0, "refused: too many handshakes"},
        {stats->evicted > 0, "evicted"},
        {stats->early > 0, "spoke too early"},
        {stats->handshakes_failed > 0, "failed handshake"},
        {stats->breaches > 0, "breach"},
        {stats->tls_waits > 0, "wait for a TLS slot"},
        {stats->aborted > 0, "message aborted"},
        {stats->timeouts > 0, "timeout"},
        {stats->too_slow > 0, "message too slow"},
        {stats->too_long > 0, "session too long"},
        {stats->accepted > 0 && server.cfg.greet_s > 0,
         "mail after a greeting that was held back"},
        {stats->accepted > 0 && server.cfg.client_ca != NULL,
         "mail with a certificate"},
        {now->failures > empty.failures, "arena ran dry"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].reached) {
            fuzz_reached(rows[i].what);
        }
    }
}

static void stop(void)
{
    struct mx_arena_stats now;

    mx_server_stop(&server);
    FUZZ_CHECK(server.stats.sessions == 0 && server.stats.tls_sessions == 0);
    mx_arena_free(ballast);
    mx_tls_arena_stats(&now);
    FUZZ_CHECK(now.used == empty.used && now.blocks == empty.blocks);
    FUZZ_CHECK(now.largest == empty.largest);
    link_check_levels();
    note_reach(&now);
    empty.failures = now.failures;
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    struct mx_span line;

    if (start(&in)) {
        for (int i = 0; i < OPS_MAX && fuzz_line(&in, &line); i++) {
            run(line);
        }
        leave();
        check_promises();
    }
    stop();
}
