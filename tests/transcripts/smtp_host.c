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

_Noreturn static void broken(struct host *h, int line, const char *what)
{
    journal_die(&h->journal, "smtp_host.c", line, what);
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
            journal_stream(&h->journal, 'B', body.ptr, body.len);
        }
    }
    if (ask != MX_ASK_BODY || reply != MX_YES) {
        journal_flush(&h->journal);
        describe(h, ask, text, sizeof text);
        journal_note(&h->journal, "M", text, strlen(text));
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
        journal_stream(&h->journal, 'S', out, len);
        mx_smtp_out_ack(&h->smtp, len);
        return true;
    }
    if (ask == MX_ASK_NONE) {
        return false;
    }
    listen_not(h);
    if (ask == MX_ASK_CLOSE) {
        if (!h->closed) {
            journal_flush(&h->journal);
            journal_note(&h->journal, "M", "CLOSE", 5);
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
    journal_clear(&h->journal);
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
