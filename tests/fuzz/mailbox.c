/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "mailbox.h"

#include "client.h"
#include "fuzz.h"

#include "tinymx/config.h"
#include "tinymx/err.h"

#include <string.h>
#include <strings.h>

struct mailbox mailbox;

/* A message that is open. */
static struct message {
    bool open;
    bool tls;
    bool written; /* no more recipients then */
    unsigned rcpts;
    enum mailbox_call again; /* was told MX_EAGAIN, with this many bytes; */
    size_t again_len;        /* MAILBOX_CALLS: none was */
    size_t len;
    char text[1 << 17];
} messages[MX_SESSIONS];

static struct {
    int err;
    unsigned times;
} failing[MAILBOX_CALLS];

void mailbox_fail(enum mailbox_call call, int err, unsigned times)
{
    failing[call].err = err;
    failing[call].times = times;
}

static int verdict(enum mailbox_call call)
{
    if (failing[call].times == 0) {
        return 0;
    }
    failing[call].times--;
    return failing[call].err;
}

/* --- what was said ------------------------------------------------------ */

static void check_said(bool tls, const char *text, size_t len)
{
    const struct said *said = &client_said[tls];

    FUZZ_CHECK(!said->whole || len == 0 ||
               memmem(said->text, said->len, text, len) != NULL);
}

/* Behind the first field, which is our Received:. */
static const char *behind_trace(const char *at, const char *end)
{
    FUZZ_CHECK(end - at > 10 && memcmp(at, "Received: ", 10) == 0);
    do {
        at = memmem(at, (size_t)(end - at), "\r\n", 2);
        FUZZ_CHECK(at != NULL);
        at += 2;
    } while (at < end && (*at == ' ' || *at == '\t'));
    return at;
}

/* Chunks may cut lines anywhere: their bytes are there, in this order. */
static void check_bytes(const struct said *said, const char *at,
                        const char *end)
{
    for (size_t i = 0; i < said->len && at < end; i++) {
        at += said->text[i] == *at;
    }
    FUZZ_CHECK(!said->whole || at == end);
}

/* Line by line, since dots were taken away between them. */
static void check_lines(bool tls, const char *at, const char *end)
{
    while (at < end) {
        const char *eol = memmem(at, (size_t)(end - at), "\r\n", 2);
        const char *next = eol != NULL ? eol + 2 : end;

        check_said(tls, at, (size_t)(next - at));
        at = next;
    }
}

static bool has_chunks(const struct said *said)
{
    for (size_t i = 0; i + 4 <= said->len; i++) {
        if (strncasecmp(said->text + i, "BDAT", 4) == 0) {
            return true;
        }
    }
    return false;
}

static void check_text(const struct message *m)
{
    const struct said *said = &client_said[m->tls];
    const char *end = m->text + m->len;
    const char *at = behind_trace(m->text, end);

    check_bytes(said, at, end);
    if (!has_chunks(said)) {
        check_lines(m->tls, at, end);
    }
}

static void check_envelope(const struct mx_envelope *env)
{
    bool tls = env->tls != NULL;

    FUZZ_CHECK(strncmp(env->peer, "192.0.2.", 8) == 0);
    FUZZ_CHECK(tls ==
               (strchr(env->protocol, 'S') != strrchr(env->protocol, 'S')));
    FUZZ_CHECK(tls || !mailbox.secure);
    FUZZ_CHECK(!mailbox.certified || (tls && env->tls->client_verified));
    check_said(tls, env->helo, strlen(env->helo));
    check_said(tls, env->reverse_path.text.ptr, env->reverse_path.text.len);
}

/* --- the sink ----------------------------------------------------------- */

static struct message *message_of(int msg, enum mailbox_call call, size_t len)
{
    struct message *m = &messages[msg];

    FUZZ_CHECK(msg >= 0 && msg < MX_SESSIONS && m->open);
    FUZZ_CHECK(m->again == MAILBOX_CALLS ||
               (m->again == call && m->again_len == len));
    m->again = MAILBOX_CALLS;
    return m;
}

static int told(struct message *m, enum mailbox_call call, size_t len)
{
    int err = verdict(call);

    if (err == MX_EAGAIN) {
        m->again = call;
        m->again_len = len;
    }
    return err;
}

static int mailbox_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    int msg = 0;
    int err = verdict(MAILBOX_OPEN);

    (void)sink;
    check_envelope(env);
    if (err != 0) {
        return err;
    }
    while (messages[msg].open) {
        msg++;
        FUZZ_CHECK(msg < MX_SESSIONS);
    }
    messages[msg].open = true;
    messages[msg].tls = env->tls != NULL;
    messages[msg].written = false;
    messages[msg].rcpts = 0;
    messages[msg].again = MAILBOX_CALLS;
    messages[msg].len = 0;
    mailbox.opened++;
    return msg;
}

static int mailbox_rcpt(struct mx_sink *sink, int msg,
                        const struct mx_path *path)
{
    struct message *m = message_of(msg, MAILBOX_RCPT, path->text.len);
    int err = told(m, MAILBOX_RCPT, path->text.len);

    (void)sink;
    FUZZ_CHECK(!m->written && path->text.len > 0);
    check_said(m->tls, path->text.ptr, path->text.len);
    m->rcpts += err == 0;
    return err;
}

static int mailbox_write(struct mx_sink *sink, int msg, const void *data,
                         size_t len)
{
    struct message *m = message_of(msg, MAILBOX_WRITE, len);
    int err = told(m, MAILBOX_WRITE, len);

    (void)sink;
    FUZZ_CHECK(m->rcpts > 0 && len > 0);
    m->written = true;
    if (err != 0) {
        return err;
    }
    if (mailbox.most > 0 && len > mailbox.most) {
        len = mailbox.most;
    }
    FUZZ_CHECK(len <= sizeof m->text - m->len);
    memcpy(m->text + m->len, data, len);
    m->len += len;
    return (int)len;
}

static int mailbox_commit(struct mx_sink *sink, int msg)
{
    struct message *m = message_of(msg, MAILBOX_COMMIT, 0);
    int err = told(m, MAILBOX_COMMIT, 0);

    (void)sink;
    FUZZ_CHECK(m->rcpts > 0 && m->written);
    if (err == MX_EAGAIN) {
        return err;
    }
    m->open = false;
    mailbox.committed += err == 0;
    mailbox.aborted += err != 0;
    check_text(m);
    if (err == 0) {
        fuzz_reached(m->tls ? "mail in TLS" : "mail in clear");
    }
    return err;
}

static void mailbox_abort(struct mx_sink *sink, int msg)
{
    (void)sink;
    FUZZ_CHECK(msg >= 0 && msg < MX_SESSIONS && messages[msg].open);
    messages[msg].open = false;
    mailbox.aborted++;
}

void mailbox_empty(void)
{
    memset(failing, 0, sizeof failing);
    mailbox =
        (struct mailbox){.sink = {mailbox_open, mailbox_rcpt, mailbox_write,
                                  mailbox_commit, mailbox_abort}};
}
