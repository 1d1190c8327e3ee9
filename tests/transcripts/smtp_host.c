/* SPDX-License-Identifier: BSD-3-Clause */
#include "smtp_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const char *const questions[] = {
    [MX_ASK_STARTTLS] = "STARTTLS", [MX_ASK_MAIL] = "MAIL",
    [MX_ASK_RCPT] = "RCPT",         [MX_ASK_DATA] = "DATA",
    [MX_ASK_BODY] = "BODY",         [MX_ASK_END] = "END",
    [MX_ASK_ABORT] = "ABORT",       [MX_ASK_CLOSE] = "CLOSE",
};
/* clang-format on */

static const struct mx_tls_facts facts = {
    .version = "TLSv1.3",
    .cipher = "TLS_AES_128_GCM_SHA256",
};

#define CHECK(cond) ((cond) ? (void)0 : broken(h, __LINE__, #cond))

static void broken(struct host *h, int line, const char *what)
{
    host_flush(h);
    fprintf(stderr, "%.*ssmtp_host.c:%d: the engine broke: %s\n",
            (int)h->log_len, h->log, line, what);
    abort();
}

/* --- the log ------------------------------------------------------------ */

static void put(struct host *h, const char *text, size_t len)
{
    CHECK(len <= sizeof h->log - h->log_len);
    memcpy(h->log + h->log_len, text, len);
    h->log_len += len;
}

void host_note(struct host *h, const char *kind, const char *text, size_t len)
{
    put(h, kind, strlen(kind));
    put(h, ": ", len > 0 ? 2 : 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char escape[8];

        if (c == '\\') {
            put(h, "\\\\", 2);
        } else if (c == '\r' || c == '\n') {
            put(h, c == '\r' ? "\\r" : "\\n", 2);
        } else if (c < ' ' || c == 0x7f) {
            put(h, escape,
                (size_t)snprintf(escape, sizeof escape, "\\x%02x", c));
        } else {
            put(h, text + i, 1);
        }
    }
    put(h, "\n", 1);
}

void host_flush(struct host *h)
{
    char kind[2] = {(char)(h->line_kind | 0x20), '\0'};

    if (h->line_len > 0) {
        host_note(h, kind, h->line, h->line_len);
        h->line_len = 0;
    }
}

/* Bytes of a stream, written line by line: "S" from the server, "B" the body. */
static void stream(struct host *h, char kind, const char *text, size_t len)
{
    char name[2] = {kind, '\0'};

    if (h->line_kind != kind) {
        host_flush(h);
        h->line_kind = kind;
    }
    for (size_t i = 0; i < len; i++) {
        CHECK(h->line_len < sizeof h->line);
        h->line[h->line_len++] = text[i];
        if (h->line_len >= 2 &&
            memcmp(h->line + h->line_len - 2, "\r\n", 2) == 0) {
            host_note(h, name, h->line, h->line_len - 2);
            h->line_len = 0;
        }
    }
}

/* --- questions ---------------------------------------------------------- */

static enum mx_answer scripted(struct host *h, enum mx_smtp_ask ask)
{
    struct host_script *script = &h->scripts[ask];
    enum mx_answer answer = MX_YES;

    if (script->count > 0) {
        answer = script->answers[script->next];
        script->next += script->next + 1 < script->count;
    }
    return answer;
}

static void describe(struct host *h, enum mx_smtp_ask ask, char *text,
                     size_t size)
{
    const struct mx_path *path = mx_smtp_path(&h->smtp);
    uint8_t flags = mx_smtp_flags(&h->smtp);
    int n = snprintf(text, size, "%s", questions[ask]);

    if (ask == MX_ASK_MAIL || ask == MX_ASK_RCPT) {
        n +=
            snprintf(text + n, size - (size_t)n, " <%.*s>", (int)path->text.len,
                     path->text.ptr ? path->text.ptr : "");
    }
    if (ask == MX_ASK_MAIL) {
        n += snprintf(text + n, size - (size_t)n, " %s from %s",
                      mx_smtp_protocol(&h->smtp), mx_smtp_helo(&h->smtp));
        if (mx_smtp_size(&h->smtp) > 0) {
            n += snprintf(text + n, size - (size_t)n, " size=%u",
                          (unsigned)mx_smtp_size(&h->smtp));
        }
        snprintf(text + n, size - (size_t)n, "%s%s%s",
                 flags & MX_MAIL_8BITMIME ? " 8bitmime" : "",
                 flags & MX_MAIL_SMTPUTF8 ? " smtputf8" : "",
                 flags & MX_MAIL_REQUIRETLS ? " requiretls" : "");
    }
}

/* What the sink expects (tinymx/sink.h): one message at a time, and each that
 * was opened is ended once. */
static void follow(struct host *h, enum mx_smtp_ask ask, enum mx_answer answer)
{
    bool of_message = ask != MX_ASK_STARTTLS && ask != MX_ASK_MAIL;

    CHECK(h->open == of_message);
    if (ask == MX_ASK_END || ask == MX_ASK_ABORT) {
        h->open = false;
    } else if (ask == MX_ASK_MAIL || (ask != MX_ASK_RCPT && answer != MX_YES)) {
        h->open = answer == MX_YES;
    }
}

static void answer(struct host *h, enum mx_smtp_ask ask)
{
    enum mx_answer reply = scripted(h, ask);
    char text[700];

    if (ask == MX_ASK_BODY) {
        struct mx_span body = mx_smtp_body(&h->smtp);

        CHECK(body.len > 0);
        if (reply == MX_YES) {
            stream(h, 'B', body.ptr, body.len);
        }
    }
    if (ask != MX_ASK_BODY || reply != MX_YES) {
        host_flush(h);
        describe(h, ask, text, sizeof text);
        host_note(h, "M", text, strlen(text));
    }
    follow(h, ask, reply);
    mx_smtp_answer(&h->smtp, reply);
}

/* --- the loop of tinymx/smtp.h ------------------------------------------ */

static void listen_not(struct host *h)
{
    CHECK(mx_smtp_push(&h->smtp, "NOOP\r\n", 6) == 0);
}

/* Sends and answers; false when there is nothing (more) to send or answer. */
static bool turn(struct host *h)
{
    size_t len;
    const char *out = mx_smtp_out_buf(&h->smtp, &len);
    enum mx_smtp_ask ask = mx_smtp_ask(&h->smtp);

    CHECK((out != NULL) == (len > 0));
    if (out != NULL) {
        CHECK(ask == MX_ASK_NONE);
        listen_not(h);
        if (h->ack_max > 0 && len > h->ack_max) {
            len = h->ack_max;
        }
        stream(h, 'S', out, len);
        mx_smtp_out_ack(&h->smtp, len);
        return true;
    }
    if (ask == MX_ASK_NONE) {
        return false;
    }
    listen_not(h);
    if (ask == MX_ASK_CLOSE) {
        if (!h->closed) {
            host_flush(h);
            host_note(h, "M", "CLOSE", 5);
        }
        h->closed = true;
        return false;
    }
    answer(h, ask);
    return true;
}

size_t host_push(struct host *h, const char *data, size_t len)
{
    size_t used = 0;

    for (;;) {
        size_t n;

        while (turn(h)) {
        }
        n = mx_smtp_push(&h->smtp, data + used, len - used);
        CHECK(n <= len - used);
        used += n;
        if (mx_smtp_ask(&h->smtp) == MX_ASK_BODY) {
            struct mx_span body = mx_smtp_body(&h->smtp);

            CHECK(body.ptr >= data && body.ptr + body.len <= data + used);
        }
        if (n == 0 && !turn(h)) {
            return used;
        }
    }
}

void host_init(struct host *h)
{
    memset(h, 0, sizeof *h);
    h->cfg = (struct mx_smtp_config){
        .mx_name = "mx.example.test",
        .max_message = 100000,
        .max_rcpt = 100,
        .starttls = true,
    };
}

void host_begin(struct host *h)
{
    h->log_len = h->line_len = 0;
    h->line_kind = 0;
    h->closed = h->open = false;
    for (size_t i = 0; i < MX_ASK_CLOSE; i++) {
        h->scripts[i].next = 0;
    }
    mx_smtp_init(&h->smtp, &h->cfg, NULL, false);
    host_push(h, NULL, 0);
}

void host_handshake(struct host *h, bool denied)
{
    struct mx_tls_facts told = facts;

    told.client = denied ? "none was shown" : NULL;
    mx_smtp_init(&h->smtp, &h->cfg, &told, false);
}
