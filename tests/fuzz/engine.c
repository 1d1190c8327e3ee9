/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SMTP engine, with a host that answers as the fuzzer says.
 *
 * The input is the client's bytes, in which "-- TLS --\n", "-- TIMEOUT --\n"
 * and their like stand for what they stand for in a transcript: a handshake, or
 * mx_smtp_end() with any of its reasons. Its last TAIL bytes are configuration,
 * answers, cuts, and who speaks before his turn; they are at the end so that the
 * text in front can grow and shrink.
 *
 * Three things are held against it: the rules of tinymx/smtp.h at every step;
 * what RFC 5321 and 3030 say a message is, computed another way from all that
 * was pushed; and the same bytes cut otherwise, which must lead to the same
 * replies, questions and bodies.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "message.h"
#include "replies.h"

#include "tinymx/smtp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TAIL 20
#define ANSWERS 6
#define CUTS 5
#define BYTES_MAX (1 << 16)
#define LOG_MAX (1 << 22)

/* --- the input ---------------------------------------------------------- */

static struct plan {
    struct mx_smtp_config cfg;
    bool in_tls, greet;
    size_t body_most; /* bytes of a message that the host has room for */
    uint8_t answers[ANSWERS];
    uint8_t cuts[CUTS];
    uint8_t early; /* the reply before which the peer speaks, of those that want
                      silence, from 1; 0: none */
    struct fuzz_in text;
} plan;

static void read_plan(const uint8_t *data, size_t len)
{
    size_t tail = len < TAIL ? len : TAIL;
    struct fuzz_in in = fuzz_in(data + len - tail, tail);
    uint8_t flags = fuzz_u8(&in);
    uint8_t size = fuzz_u8(&in);

    plan.cfg = (struct mx_smtp_config){
        .mx_name = "mx.example.test",
        .max_message = size == 0 ? 100000 : size,
        .max_rcpt = (uint16_t)(1 + (fuzz_u8(&in) + 99u) % 256),
        .max_mail = fuzz_u8(&in),
        .require_tls = (flags & 8) != 0,
        .starttls = (flags & 1) == 0,
    };
    plan.in_tls = (flags & 2) != 0;
    plan.greet = (flags & 4) != 0;
    plan.body_most = fuzz_u8(&in);
    plan.body_most = plan.body_most == 0 ? SIZE_MAX : plan.body_most - 1;
    for (size_t i = 0; i < ANSWERS; i++) {
        plan.answers[i] = fuzz_u8(&in);
    }
    for (size_t i = 0; i < CUTS; i++) {
        plan.cuts[i] = fuzz_u8(&in);
    }
    plan.cfg.max_errors = fuzz_u8(&in);
    plan.cfg.max_idle = fuzz_u8(&in);
    plan.cfg.max_unknown = (uint8_t)fuzz_upto(&in, UINT8_MAX / 2);
    plan.early = fuzz_u8(&in);
    plan.text = fuzz_in(data, len - tail);
}

/* --- the host ----------------------------------------------------------- */

static const struct mx_tls_facts facts = {
    .version = "TLSv1.3",
    .cipher = "TLS_AES_128_GCM_SHA256",
};
static const struct mx_tls_facts denied = {
    .version = "TLSv1.3",
    .cipher = "TLS_AES_128_GCM_SHA256",
    .client = "none was shown",
};

static struct host {
    struct mx_smtp smtp;
    struct replies said;
    const struct mx_tls_facts *tls;
    bool open;         /* we hold a message */
    bool half_said;    /* a part of this reply was sent */
    bool airlock;      /* STARTTLS was answered with yes */
    bool asking;       /* there was a question since the last reply */
    bool closed;       /* MX_ASK_CLOSE came */
    unsigned asked;    /* questions but BODY */
    unsigned rcpts;    /* that we accepted */
    unsigned errors;   /* replies 5yz in this phase, but those to: */
    unsigned unknown;  /* recipients that were nobody */
    bool nobody;       /* the last question was about one */
    unsigned silences; /* replies that wanted silence */
    bool early;        /* the peer spoke before one of them */
    size_t taken;      /* bytes taken in this phase */
    size_t command;    /* where in them the command begins */
    size_t text;     /* where the bytes behind a 354 begin; 0: there is none */
    size_t chunks;   /* where the first BDAT of the message begins */
    size_t body_len; /* bytes of this message */
    const char *last_push;
    size_t last_used;
    char bytes[BYTES_MAX]; /* all that was taken */
    char body[BYTES_MAX];
} host;

/* What happened, to be compared with what happens when the cuts are others. */
static struct trace {
    size_t len;
    char text[LOG_MAX];
} first, again;
static struct trace *trace;

static void note(const void *data, size_t len)
{
    FUZZ_CHECK(len <= LOG_MAX - trace->len);
    if (len > 0) {
        memcpy(trace->text + trace->len, data, len);
        trace->len += len;
    }
}

/* Of MAIL and RCPT; the other questions are about no path. */
static struct mx_path path_of(enum mx_smtp_ask ask)
{
    struct mx_path none = {0};

    return ask == MX_ASK_MAIL || ask == MX_ASK_RCPT ? *mx_smtp_path(&host.smtp)
                                                    : none;
}

static void note_question(enum mx_smtp_ask ask, enum mx_answer answer)
{
    struct mx_span path = path_of(ask).text;
    char text[48];
    int n = snprintf(text, sizeof text, "\nask %d answer %d %u %u ", (int)ask,
                     (int)answer, (unsigned)mx_smtp_size(&host.smtp),
                     (unsigned)mx_smtp_flags(&host.smtp));

    note(text, (size_t)n);
    note(path.ptr, path.len);
    note(mx_smtp_helo(&host.smtp), strlen(mx_smtp_helo(&host.smtp)));
    note(mx_smtp_protocol(&host.smtp), strlen(mx_smtp_protocol(&host.smtp)));
    note("\n", 1);
}

/* --- the message -------------------------------------------------------- */

static void check_message(void)
{
    bool by_data = host.text != 0;
    size_t from = by_data ? host.text : host.chunks;
    bool (*is)(const char *, size_t, const char *, size_t) =
        by_data ? message_by_data : message_by_bdat;

    FUZZ_CHECK(host.body_len <= plan.cfg.max_message);
    FUZZ_CHECK(message_hops(host.body, host.body_len) <= MX_HOPS_MAX);
    FUZZ_CHECK(
        is(host.bytes + from, host.taken - from, host.body, host.body_len));
    fuzz_reached(by_data ? "message by DATA" : "message by BDAT");
}

/* --- questions ---------------------------------------------------------- */

/* The command that was taken last: one line, and a clean one. */
static struct mx_span command(void)
{
    struct mx_span line = {host.bytes + host.command,
                           host.taken - host.command};

    FUZZ_CHECK(line.len >= 2 && line.len <= MX_LINE_MAX);
    line.len -= 2;
    FUZZ_CHECK(memcmp(line.ptr + line.len, "\r\n", 2) == 0);
    FUZZ_CHECK(!memchr(line.ptr, '\r', line.len) &&
               !memchr(line.ptr, '\n', line.len) &&
               !memchr(line.ptr, '\0', line.len));
    return line;
}

/* It is the question's verb, and the path is in it. */
static void check_command(enum mx_smtp_ask ask)
{
    static const char *const verbs[MX_ASK_CLOSE] = {
        [MX_ASK_STARTTLS] = "STARTTLS",
        [MX_ASK_MAIL] = "MAIL",
        [MX_ASK_RCPT] = "RCPT",
    };
    struct mx_span line, path = path_of(ask).text;

    if (verbs[ask] == NULL) {
        return;
    }
    line = command();
    while (line.len > 0 && (*line.ptr == ' ' || *line.ptr == '\t')) {
        line.ptr++;
        line.len--;
    }
    FUZZ_CHECK(line.len >= strlen(verbs[ask]));
    FUZZ_CHECK(strncasecmp(line.ptr, verbs[ask], strlen(verbs[ask])) == 0);
    FUZZ_CHECK(path.len == 0 ||
               memmem(line.ptr, line.len, path.ptr, path.len) != NULL);
}

/* Nobody says yes to what is not a command. */
static void check_yes(void)
{
    bool by_itself = !host.asking && host.taken > host.command;

    if (by_itself && host.said.code[0] < '4') {
        (void)command();
    }
    host.asking = false;
}

static void check_path(struct mx_path path)
{
    bool utf8 = (mx_smtp_flags(&host.smtp) & MX_MAIL_SMTPUTF8) != 0;

    if (path.text.len == 0) {
        FUZZ_CHECK(path.local.len == 0 && path.domain.len == 0);
        return;
    }
    FUZZ_CHECK(fuzz_span_within(path.text, host.smtp.buf, MX_LINE_MAX));
    FUZZ_CHECK(fuzz_span_within(path.local, path.text.ptr, path.text.len));
    FUZZ_CHECK(path.domain.len == 0 ||
               fuzz_span_within(path.domain, path.text.ptr, path.text.len));
    for (size_t i = 0; i < path.text.len; i++) {
        unsigned char c = (unsigned char)path.text.ptr[i];

        FUZZ_CHECK(c >= ' ' && c != 0x7f && (c < 0x80 || utf8));
    }
}

static void check_question(enum mx_smtp_ask ask)
{
    bool of_message = ask != MX_ASK_STARTTLS && ask != MX_ASK_MAIL;

    FUZZ_CHECK(host.open == of_message);
    FUZZ_CHECK(host.tls == NULL || host.tls->client == NULL);
    FUZZ_CHECK(host.tls != NULL || !plan.cfg.require_tls ||
               ask == MX_ASK_STARTTLS);
    check_command(ask);
    check_path(path_of(ask));
    FUZZ_CHECK(ask == MX_ASK_STARTTLS ||
               mx_smtp_size(&host.smtp) <= plan.cfg.max_message);
    FUZZ_CHECK(strlen(mx_smtp_helo(&host.smtp)) <= MX_HELO_MAX);
    FUZZ_CHECK(ask != MX_ASK_RCPT || host.rcpts < plan.cfg.max_rcpt);
    FUZZ_CHECK(ask != MX_ASK_DATA || host.rcpts > 0);
    FUZZ_CHECK(mx_smtp_in_body(&host.smtp) || ask != MX_ASK_BODY);
}

/* BODY is asked as often as the cuts have it, so its answer must not depend on
 * how often. */
static enum mx_answer choose(enum mx_smtp_ask ask)
{
    uint8_t a;

    if (ask == MX_ASK_ABORT) {
        return MX_YES;
    }
    if (ask == MX_ASK_BODY) {
        size_t len = mx_smtp_body(&host.smtp).len;

        return len > plan.body_most || host.body_len > plan.body_most - len
                   ? MX_FULL
                   : MX_YES;
    }
    a = plan.answers[host.asked++ % ANSWERS];
    return a < 128 ? MX_YES : (enum mx_answer)(a % MX_ANSWERS);
}

static void take_body(void)
{
    struct mx_span body = mx_smtp_body(&host.smtp);

    FUZZ_CHECK(body.len > 0);
    FUZZ_CHECK(fuzz_span_within(body, host.last_push, host.last_used));
    FUZZ_CHECK(body.len <= BYTES_MAX - host.body_len);
    memcpy(host.body + host.body_len, body.ptr, body.len);
    host.body_len += body.len;
}

static void begin_bytes(void)
{
    struct mx_span line = {host.bytes + host.command,
                           host.taken - host.command};
    bool last;

    host.body_len = 0;
    host.text = 0;
    host.chunks = host.command;
    if (message_chunk(line.ptr, line.len - 2, &last) < 0) {
        host.chunks = SIZE_MAX; /* then a 354 must come */
    }
}

static void follow(enum mx_smtp_ask ask, enum mx_answer answer)
{
    switch (ask) {
    case MX_ASK_STARTTLS:
        host.airlock = answer == MX_YES;
        return;
    case MX_ASK_MAIL:
        host.open = answer == MX_YES;
        host.rcpts = 0;
        return;
    case MX_ASK_RCPT:
        host.rcpts += answer == MX_YES;
        host.nobody = answer == MX_NO_USER;
        host.unknown += host.nobody;
        return;
    case MX_ASK_DATA:
        begin_bytes();
        break;
    case MX_ASK_END:
        check_message();
        note(host.body, host.body_len);
        break;
    default:
        break;
    }
    host.open = host.open && answer == MX_YES && ask != MX_ASK_END &&
                ask != MX_ASK_ABORT;
}

static void answer(enum mx_smtp_ask ask)
{
    enum mx_answer reply = choose(ask);

    host.asking = true;
    check_question(ask);
    if (ask != MX_ASK_BODY || reply != MX_YES) {
        note_question(ask, reply);
    } else {
        take_body();
    }
    follow(ask, reply);
    mx_smtp_answer(&host.smtp, reply);
}

/* --- the loop of tinymx/smtp.h ------------------------------------------ */

static void listen_not(void)
{
    FUZZ_CHECK(mx_smtp_push(&host.smtp, "QUIT\r\n", 6) == 0);
}

static void end(enum mx_why why)
{
    host.open = host.airlock = false;
    mx_smtp_end(&host.smtp, why);
    FUZZ_CHECK(mx_smtp_push(&host.smtp, "QUIT\r\n", 6) == 0);
    FUZZ_CHECK(!mx_smtp_wants_silence(&host.smtp) &&
               !mx_smtp_wants_delay(&host.smtp));
}

/* RFC 2920 3.1: these are the last of their group, and with them what is like
 * them here. The greeting has no command in front of it. */
static bool ends_group(void)
{
    static const char *const verbs[] = {
        "EHLO", "HELO", "DATA", "STARTTLS", "NOOP", "QUIT", "VRFY",
        "HELP", "EXPN", "AUTH", "ETRN",     "ATRN", "TURN",
    };
    const char *at = host.bytes + host.command;
    size_t len = host.taken - host.command;

    for (; len > 0 && (*at == ' ' || *at == '\t'); len--) {
        at++;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t n = strlen(verbs[i]);

        if (len > n && strncasecmp(at, verbs[i], n) == 0) {
            return true;
        }
    }
    return host.taken == 0;
}

/* What a host looks at before it sends the first byte; false: the peer has
 * spoken too, and the reply is another one. */
static bool may_speak(void)
{
    bool silence = mx_smtp_wants_silence(&host.smtp);
    bool delay = mx_smtp_wants_delay(&host.smtp);

    if (host.half_said) {
        FUZZ_CHECK(!silence && !delay);
        return true;
    }
    FUZZ_CHECK(!delay || (plan.cfg.max_unknown > 0 && host.nobody &&
                          host.unknown > plan.cfg.max_unknown &&
                          host.unknown <= 2u * plan.cfg.max_unknown));
    if (delay) {
        fuzz_reached("reply held back");
    }
    if (!silence) {
        return true;
    }
    FUZZ_CHECK(ends_group());
    if (++host.silences != plan.early) {
        return true;
    }
    end(MX_WHY_EARLY);
    host.early = true;
    fuzz_reached("spoke too early");
    return false;
}

/* Those that are about a name, and our last words, are not counted. */
static void count_error(void)
{
    host.errors += host.said.code[0] == '5' && !host.nobody;
    host.nobody = false;
    FUZZ_CHECK(plan.cfg.max_errors == 0 ||
               host.errors <= plan.cfg.max_errors + (host.early ? 1u : 0u));
    FUZZ_CHECK(plan.cfg.max_unknown == 0 ||
               host.unknown <= 2u * plan.cfg.max_unknown + 1);
}

static void speak(const char *out, size_t len, size_t most)
{
    len = len < most ? len : most;
    replies_push(&host.said, out, len);
    note(out, len);
    mx_smtp_out_ack(&host.smtp, len);
    (void)mx_smtp_out_buf(&host.smtp, &len);
    host.half_said = len > 0;
    if (host.half_said) {
        return;
    }
    FUZZ_CHECK(host.said.fill == 0 && !host.said.more);
    check_yes();
    count_error();
    host.command = host.taken;
    if (strcmp(host.said.code, "354") == 0) {
        host.text = host.taken;
    }
}

/* Sends or answers; false when there is neither to do. */
static bool turn(size_t most)
{
    size_t len;
    const char *out = mx_smtp_out_buf(&host.smtp, &len);
    enum mx_smtp_ask ask = mx_smtp_ask(&host.smtp);

    FUZZ_CHECK((out != NULL) == (len > 0));
    FUZZ_CHECK(out == NULL || ask == MX_ASK_NONE);
    if (out == NULL && ask == MX_ASK_NONE) {
        return false;
    }
    listen_not();
    if (out != NULL) {
        FUZZ_CHECK(fuzz_span_within((struct mx_span){out, len}, host.smtp.buf,
                                    MX_LINE_MAX));
        if (may_speak()) {
            speak(out, len, most);
        }
        return true;
    }
    if (ask == MX_ASK_CLOSE) {
        FUZZ_CHECK(!host.airlock && !host.open);
        host.closed = true;
        return false;
    }
    FUZZ_CHECK(!host.airlock);
    answer(ask);
    return true;
}

static size_t push(const char *data, size_t len)
{
    size_t used = mx_smtp_push(&host.smtp, data, len);

    FUZZ_CHECK(used <= len);
    FUZZ_CHECK(!(host.airlock || host.closed) || used == 0);
    if (used > 0) {
        memcpy(host.bytes + host.taken, data, used);
        host.taken += used;
        host.last_push = data;
        host.last_used = used;
    }
    return used;
}

/* Offers a piece; returns how much of it was never taken. */
static size_t offer(const char *data, size_t len, size_t most)
{
    const char *copy = fuzz_lend(data, len);
    size_t used = 0;

    for (;;) {
        size_t n;

        while (turn(most)) {
        }
        if (used == len || host.airlock || host.closed) {
            break;
        }
        n = push(copy + used, len - used);
        FUZZ_CHECK(n > 0);
        used += n;
    }
    if (host.airlock || host.closed) {
        listen_not();
    }
    return len - used;
}

/* --- what happens beside the bytes -------------------------------------- */

enum event { EVENT_NONE, EVENT_TLS, EVENT_DENIED, EVENT_END };

static const struct marker {
    const char *text;
    enum event event;
    enum mx_why why; /* of EVENT_END */
} markers[] = {
    {"-- TLS --\n", EVENT_TLS, MX_WHY_TIMEOUT},
    {"-- TLS DENIED --\n", EVENT_DENIED, MX_WHY_TIMEOUT},
    {"-- TIMEOUT --\n", EVENT_END, MX_WHY_TIMEOUT},
    {"-- SHUTDOWN --\n", EVENT_END, MX_WHY_SHUTDOWN},
    {"-- EARLY --\n", EVENT_END, MX_WHY_EARLY},
    {"-- SLOW --\n", EVENT_END, MX_WHY_SLOW},
    {"-- LONG --\n", EVENT_END, MX_WHY_LONG},
    {"-- EVICTED --\n", EVENT_END, MX_WHY_EVICTED},
    {"-- BUSY --\n", EVENT_END, MX_WHY_BUSY},
    {"-- HANDSHAKES --\n", EVENT_END, MX_WHY_HANDSHAKES},
};
static const struct marker no_marker = {"", EVENT_NONE, MX_WHY_TIMEOUT};
#define MARKERS (sizeof markers / sizeof *markers)

/* The bytes up to the next marker, which is taken too. */
static const struct marker *next_phase(struct fuzz_in *in,
                                       struct mx_span *bytes)
{
    for (size_t at = 0; at + 3 < in->left; at++) {
        for (const struct marker *m = markers; m < markers + MARKERS; m++) {
            size_t len = strlen(m->text);

            if (in->at[at] == '-' && len <= in->left - at &&
                memcmp(in->at + at, m->text, len) == 0) {
                *bytes = fuzz_bytes(in, at);
                (void)fuzz_bytes(in, len);
                return m;
            }
        }
    }
    *bytes = fuzz_bytes(in, in->left);
    return &no_marker;
}

static void begin(const struct mx_tls_facts *tls, bool greet)
{
    mx_smtp_init(&host.smtp, &plan.cfg, tls, greet);
    host.tls = tls;
    host.open = host.airlock = host.asking = false;
    host.half_said = host.nobody = host.early = false;
    host.taken = host.command = host.text = 0;
    host.rcpts = host.errors = host.unknown = 0;
}

/* Whether there is anything after it. */
static bool pass(const struct marker *marker)
{
    switch (marker->event) {
    case EVENT_NONE:
        return false;
    case EVENT_TLS:
    case EVENT_DENIED:
        if (host.airlock) {
            begin(marker->event == EVENT_TLS ? &facts : &denied, false);
            FUZZ_CHECK(mx_smtp_helo(&host.smtp)[0] == '\0');
            fuzz_reached(marker->event == EVENT_TLS ? "handshake" : "denied");
        }
        return !host.closed;
    case EVENT_END:
        host.early = host.early || marker->why == MX_WHY_EARLY;
        end(marker->why);
        (void)offer("", 0, SIZE_MAX);
        FUZZ_CHECK(host.closed);
        return false;
    }
    return false;
}

/* --- ways to cut -------------------------------------------------------- */

static size_t cut_whole(size_t n)
{
    (void)n;
    return SIZE_MAX;
}

static size_t cut_bytes(size_t n)
{
    (void)n;
    return 1;
}

static size_t cut_as_told(size_t n)
{
    uint8_t cut = plan.cuts[n % CUTS];

    return cut > 0 ? cut : SIZE_MAX;
}

static void replay(struct trace *into, size_t (*cut)(size_t n))
{
    struct fuzz_in in = plan.text;
    const struct marker *marker;
    size_t n = 0;

    trace = into;
    trace->len = 0;
    host.closed = false;
    host.asked = 0;
    host.silences = 0;
    host.said = (struct replies){0};
    begin(plan.in_tls ? &facts : NULL, plan.greet);
    do {
        struct mx_span bytes;
        size_t unread = 0;
        char text[32];

        marker = next_phase(&in, &bytes);
        (void)offer("", 0, cut(n));
        for (size_t at = 0; at < bytes.len; n++) {
            size_t len = bytes.len - at < cut(n) ? bytes.len - at : cut(n);

            unread += offer(bytes.ptr + at, len, cut(n + 1));
            at += len;
        }
        note(text, (size_t)snprintf(text, sizeof text, "unread %zu\n", unread));
    } while (pass(marker));
}

static void compare(void)
{
    FUZZ_CHECK(again.len == first.len &&
               memcmp(again.text, first.text, first.len) == 0);
}

void fuzz_one(const uint8_t *data, size_t len)
{
    if (len >= BYTES_MAX) {
        return;
    }
    read_plan(data, len);
    replay(&first, cut_whole);
    replay(&again, cut_bytes);
    compare();
    replay(&again, cut_as_told);
    compare();
}
