/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The POP3 engine: what a client says, what a host answers, where the input is
 * cut. The input is settings, the messages of a maildrop, the host's answers,
 * and the client's bytes.
 *
 * Held against it: tinymx/pop3.h at every step; nobody logs in but inside TLS;
 * a message comes out of RETR to the byte, and of TOP as far as it goes; what is
 * counted is what is sent; only what is marked is deleted, in order, behind
 * QUIT; a password does not outlive its question; other cuts, same replies.
 */
#include "fuzz.h"
#include "tinymx/pop3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES 5
#define ANSWERS 12
#define OUT_MAX 200000
#define REPLY_MAX 80 /* to a login; it overwrites so much of the password */

static struct {
    bool tls;        /* from the first byte */
    bool reads_fail; /* answers are for READ, too */
    size_t end_at;   /* the host ends the session in front of this byte */
    size_t count;    /* of messages */
    struct mx_span messages[MESSAGES];
    uint8_t answers[ANSWERS];
    struct mx_span client;
    struct mx_pop3_config cfg;
} script;

/* One run of it. */
static struct {
    struct mx_pop3 pop3;
    struct mx_pop3_drop drop;
    size_t cut; /* bytes pushed, acknowledged, and read, at once */
    bool in_tls;
    bool ended; /* by the host */
    bool closed;
    size_t asked; /* questions so far */
    uint16_t deleted;
    uint32_t offset; /* of the message that is read */
    size_t text;     /* where in `out` the reply to OPEN begins; 0: nowhere */
    size_t out_len;
    char out[OUT_MAX];
} run;

/* --- the messages ------------------------------------------------------- */

static const struct mx_span *message(void)
{
    uint16_t n = mx_pop3_message(&run.pop3);

    FUZZ_CHECK(n >= 1 && n <= script.count);
    return &script.messages[n - 1];
}

static bool ends_line(struct mx_span text)
{
    return text.len == 0 || text.ptr[text.len - 1] == '\n';
}

static uint32_t octets(struct mx_span text)
{
    return (uint32_t)(text.len + (ends_line(text) ? 0 : 2));
}

/* Was this sent behind the reply line: all of it, or, of TOP, its top? */
static void check_text(struct mx_span sent, bool whole)
{
    const char *at = run.out + run.text;
    const char *end = run.out + run.out_len;
    size_t used = 0;
    char size[40];

    snprintf(size, sizeof size, "+OK %u octets\r\n", (unsigned)octets(sent));
    FUZZ_CHECK(!whole || strncmp(at, size, strlen(size)) == 0);
    at = memchr(at, '\n', (size_t)(end - at));
    FUZZ_CHECK(at != NULL && end - at > 3);
    FUZZ_CHECK(memcmp(end - 3, ".\r\n", 3) == 0);
    for (at++, end -= 3; at < end; at++) {
        if (*at == '.' && at[-1] == '\n') {
            FUZZ_CHECK(at + 1 < end && at[1] == '.');
            at++;
        }
        if (used < sent.len) {
            FUZZ_CHECK(*at == sent.ptr[used]);
        } else {
            FUZZ_CHECK(!ends_line(sent) && *at == "\r\n"[used - sent.len]);
        }
        used++;
    }
    FUZZ_CHECK(at[-1] == '\n');
    FUZZ_CHECK(!whole || used == octets(sent));
}

/* --- questions ---------------------------------------------------------- */

static enum mx_answer answer(enum mx_pop3_ask ask)
{
    uint8_t a = script.answers[run.asked++ % ANSWERS];

    if (ask == MX_POP3_ASK_READ && !script.reads_fail) {
        run.asked--; /* how many there are depends on the cuts */
        return MX_YES;
    }
    return (enum mx_answer)(a % (2 * MX_ANSWERS) < MX_ANSWERS ? 0
                                                              : a % MX_ANSWERS);
}

static void log_in(void)
{
    memset(&run.drop, 0xa5, sizeof run.drop);
    run.drop.id = 0xc0ffee01;
    run.drop.messages = (uint16_t)script.count;
    run.drop.octets = 0;
    for (size_t i = 0; i < script.count; i++) {
        run.drop.octets += octets(script.messages[i]);
    }
    mx_pop3_login(&run.pop3, &run.drop);
    fuzz_reached("login");
}

static void ask_login(enum mx_answer a)
{
    struct mx_span password = mx_pop3_password(&run.pop3);
    size_t kept = password.len > REPLY_MAX ? password.len - REPLY_MAX : 0;
    char *secret = fuzz_string(password.ptr + password.len - kept, kept);

    FUZZ_CHECK(run.in_tls);
    FUZZ_CHECK(strlen(mx_pop3_user(&run.pop3)) <= MX_POP3_NAME_MAX);
    FUZZ_CHECK(fuzz_span_within(password, run.pop3.buf, sizeof run.pop3.buf));
    if (a == MX_YES) {
        log_in();
    } else {
        mx_pop3_answer(&run.pop3, a);
    }
    for (size_t i = 0; kept > 8 && i + kept <= sizeof run.pop3.buf; i++) {
        FUZZ_CHECK(memcmp(run.pop3.buf + i, secret, kept) != 0);
    }
    free(secret);
}

static void read_some(void)
{
    uint32_t off = mx_pop3_offset(&run.pop3);
    size_t len;
    char *room = mx_pop3_room(&run.pop3, &len);
    size_t left = message()->len - off;

    FUZZ_CHECK(off <= message()->len && off >= run.offset);
    run.offset = off;
    len = len < run.cut ? len : run.cut;
    len = len < left ? len : left;
    memcpy(room, message()->ptr + off, len);
    mx_pop3_fill(&run.pop3, len);
}

static void say_yes(enum mx_pop3_ask ask)
{
    switch (ask) {
    case MX_POP3_ASK_OPEN:
        run.text = run.out_len;
        run.offset = 0;
        /* fallthrough */
    case MX_POP3_ASK_FIND:
        mx_pop3_found(&run.pop3, octets(*message()),
                      mx_pop3_message(&run.pop3));
        break;
    case MX_POP3_ASK_READ:
        read_some();
        break;
    case MX_POP3_ASK_SEEN:
        check_text(*message(), true);
        run.text = 0;
        fuzz_reached("message by RETR");
        /* fallthrough */
    default:
        mx_pop3_answer(&run.pop3, MX_YES);
        break;
    }
}

static bool is_marked(uint16_t n)
{
    return (run.drop.marks[(n - 1) / 8] >> (n - 1) % 8 & 1) != 0;
}

static void ask_delete(void)
{
    uint16_t n = mx_pop3_message(&run.pop3);

    FUZZ_CHECK(n > run.deleted && is_marked(n));
    run.deleted = n;
    fuzz_reached("deletion");
}

/* The drop's numbers agree with its marks. */
static void check_drop(void)
{
    uint32_t count = 0, size = 0;

    for (uint16_t n = 1; n <= script.count; n++) {
        count += is_marked(n);
        size += is_marked(n) ? octets(script.messages[n - 1]) : 0;
    }
    FUZZ_CHECK(run.drop.marked == count && run.drop.marked_octets == size);
}

static void handshake(void)
{
    mx_pop3_init(&run.pop3, &script.cfg, true, false);
    run.in_tls = true;
    fuzz_reached("handshake");
}

/* --- the loop of tinymx/smtp.h ------------------------------------------ */

static void put_out(const char *text, size_t len)
{
    FUZZ_CHECK(len <= sizeof run.out - run.out_len);
    memcpy(run.out + run.out_len, text, len);
    run.out_len += len;
}

static bool ask(void)
{
    enum mx_pop3_ask q = mx_pop3_ask(&run.pop3);
    enum mx_answer a;

    FUZZ_CHECK(!run.ended || q == MX_POP3_ASK_CLOSE);
    run.closed = q == MX_POP3_ASK_CLOSE;
    if (q == MX_POP3_ASK_NONE || run.closed) {
        return false;
    }
    a = answer(q);
    if (q == MX_POP3_ASK_DELETE) {
        ask_delete();
    }
    if (q == MX_POP3_ASK_LOGIN) {
        ask_login(a);
    } else if (a == MX_YES) {
        say_yes(q);
    } else {
        mx_pop3_answer(&run.pop3, a);
    }
    if (mx_pop3_logged_in(&run.pop3)) {
        check_drop();
    }
    return true;
}

/* It listens: what TOP has sent is whole. */
static void check_top(void)
{
    if (run.text > 0 && !mx_pop3_busy(&run.pop3) && !run.ended) {
        check_text(*message(), false);
        run.text = 0;
        fuzz_reached("message by TOP");
    }
}

static void settle(void)
{
    size_t len;
    const char *out;

    do {
        while ((out = mx_pop3_out_buf(&run.pop3, &len)) != NULL) {
            FUZZ_CHECK(mx_pop3_ask(&run.pop3) == MX_POP3_ASK_NONE);
            FUZZ_CHECK(mx_pop3_push(&run.pop3, "X\r\n", 3) == 0);
            len = len < run.cut ? len : run.cut;
            put_out(out, len);
            mx_pop3_out_ack(&run.pop3, len);
        }
        check_top();
    } while (ask());
}

/* TLS begins when the last word in clear is said; the rest of the input is said
 * in it. */
static size_t push(const char *data, size_t len)
{
    size_t used = mx_pop3_push(&run.pop3, fuzz_lend(data, len), len);
    const char airlock[] = "+OK Ready to start TLS\r\n";
    size_t n = sizeof airlock - 1;

    FUZZ_CHECK(used <= len);
    settle();
    if (!run.in_tls && !run.closed && run.out_len >= n &&
        memcmp(run.out + run.out_len - n, airlock, n) == 0) {
        FUZZ_CHECK(mx_pop3_push(&run.pop3, "QUIT\r\n", 6) == 0);
        handshake();
    }
    return used;
}

static void play(size_t cut)
{
    size_t at = 0;

    memset(&run, 0, sizeof run - sizeof run.out);
    memset(&run.pop3, 0xa5, sizeof run.pop3);
    run.cut = cut;
    run.in_tls = script.tls;
    mx_pop3_init(&run.pop3, &script.cfg, script.tls, true);
    settle();
    while (at < script.client.len && !run.closed) {
        size_t left = script.client.len - at;

        if (at >= script.end_at && !run.ended) {
            run.ended = true;
            mx_pop3_end(&run.pop3, MX_WHY_SHUTDOWN);
            settle();
            FUZZ_CHECK(run.closed);
            break;
        }
        left = left < cut ? left : cut;
        left = at < script.end_at && left > script.end_at - at
                   ? script.end_at - at
                   : left;
        at += push(script.client.ptr + at, left);
    }
}

/* --- the input ---------------------------------------------------------- */

static void read_script(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    uint8_t flags = fuzz_u8(&in);

    memset(&script, 0, sizeof script);
    script.tls = (flags & 1) != 0;
    script.reads_fail = (flags & 2) != 0;
    script.end_at = (flags & 4) != 0 ? fuzz_u8(&in) * 4u : SIZE_MAX;
    script.cfg = (struct mx_pop3_config){
        .mx_name = "mx.example.test",
        .max_errors = (uint8_t)(flags >> 4),
        .max_logins = 3,
    };
    script.count = fuzz_upto(&in, MESSAGES);
    for (size_t i = 0; i < script.count; i++) {
        uint8_t size = fuzz_u8(&in);

        script.messages[i] = fuzz_bytes(&in, size * 4u);
    }
    for (size_t i = 0; i < ANSWERS; i++) {
        script.answers[i] = fuzz_u8(&in);
    }
    script.client = fuzz_bytes(&in, in.left);
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static char first[OUT_MAX];
    size_t first_len;

    read_script(data, len);
    play(SIZE_MAX);
    first_len = run.out_len;
    memcpy(first, run.out, first_len);
    play(7);
    FUZZ_CHECK(
        script.reads_fail || script.end_at != SIZE_MAX ||
        (run.out_len == first_len && memcmp(run.out, first, first_len) == 0));
}
