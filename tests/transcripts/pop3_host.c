/* SPDX-License-Identifier: BSD-3-Clause */
#include "pop3_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID 0xc0ffee01u
#define FIRST_NUMBER 0x10u

/* clang-format off */
static const char *const questions[] = {
    [MX_POP3_ASK_STLS] = "STLS",   [MX_POP3_ASK_LOGIN] = "LOGIN",
    [MX_POP3_ASK_FIND] = "FIND",   [MX_POP3_ASK_OPEN] = "OPEN",
    [MX_POP3_ASK_READ] = "READ",   [MX_POP3_ASK_SEEN] = "SEEN",
    [MX_POP3_ASK_DELETE] = "DELETE",
};
/* clang-format on */

#define CHECK(cond)                                                            \
    ((cond) ? (void)0                                                          \
            : journal_die(&h->journal, "pop3_host.c", __LINE__, #cond))

/* --- questions ---------------------------------------------------------- */

static enum mx_answer scripted(struct pop3_host *h, enum mx_pop3_ask ask)
{
    struct pop3_host_script *script = &h->scripts[ask];
    enum mx_answer answer = MX_YES;

    if (script->count > 0) {
        answer = script->answers[script->next];
        script->next += script->next + 1 < script->count;
    }
    return answer;
}

static struct pop3_host_message *message(struct pop3_host *h)
{
    uint16_t n = mx_pop3_message(&h->pop3);

    CHECK(n >= 1 && n <= h->count);
    CHECK(!h->messages[n - 1].gone);
    return &h->messages[n - 1];
}

static void describe(struct pop3_host *h, enum mx_pop3_ask ask)
{
    struct mx_span password = mx_pop3_password(&h->pop3);
    char text[700];
    int n = snprintf(text, sizeof text, "%s", questions[ask]);

    if (ask == MX_POP3_ASK_LOGIN) {
        n += snprintf(text + n, sizeof text - (size_t)n, " %s %.*s",
                      mx_pop3_user(&h->pop3), (int)password.len, password.ptr);
    } else if (ask != MX_POP3_ASK_STLS) {
        n += snprintf(text + n, sizeof text - (size_t)n, " %u",
                      (unsigned)mx_pop3_message(&h->pop3));
    }
    journal_flush(&h->journal);
    journal_note(&h->journal, "M", text, (size_t)n);
}

static void login(struct pop3_host *h)
{
    uint32_t octets = 0;

    for (size_t i = 0; i < h->count; i++) {
        octets += (uint32_t)h->messages[i].len;
    }
    memset(&h->drop, 0xa5, sizeof h->drop);
    h->drop.id = ID;
    h->drop.messages = (uint16_t)h->count;
    h->drop.octets = octets;
    mx_pop3_login(&h->pop3, &h->drop);
}

static void find(struct pop3_host *h)
{
    struct pop3_host_message *m = message(h);
    uint16_t n = mx_pop3_message(&h->pop3);

    h->opened = n;
    h->expected = 0;
    mx_pop3_found(&h->pop3, (uint32_t)m->len, FIRST_NUMBER + n);
}

static void read_some(struct pop3_host *h)
{
    const struct pop3_host_message *m = message(h);
    uint32_t off = mx_pop3_offset(&h->pop3);
    size_t len;
    char *room = mx_pop3_room(&h->pop3, &len);

    CHECK(len > 0 && off <= m->len);
    CHECK(h->opened == mx_pop3_message(&h->pop3));
    CHECK(off >= h->expected && (off > h->expected || off == 0));
    h->expected = off;
    if (h->ack_max > 0 && len > h->ack_max) {
        len = h->ack_max;
    }
    if (len > m->len - off) {
        len = m->len - off;
    }
    memcpy(room, h->data + m->at + off, len);
    mx_pop3_fill(&h->pop3, len);
}

static void say_yes(struct pop3_host *h, enum mx_pop3_ask ask)
{
    switch (ask) {
    case MX_POP3_ASK_LOGIN:
        login(h);
        break;
    case MX_POP3_ASK_FIND:
    case MX_POP3_ASK_OPEN:
        find(h);
        break;
    case MX_POP3_ASK_READ:
        read_some(h);
        break;
    case MX_POP3_ASK_DELETE:
        message(h)->gone = true;
        mx_pop3_answer(&h->pop3, MX_YES);
        break;
    default:
        mx_pop3_answer(&h->pop3, MX_YES);
        break;
    }
}

static bool holds(const struct mx_pop3 *s, const char *text, size_t len)
{
    for (size_t i = 0; i + len <= sizeof s->buf; i++) {
        if (memcmp(s->buf + i, text, len) == 0) {
            return true;
        }
    }
    return false;
}

static void answer(struct pop3_host *h, enum mx_pop3_ask ask)
{
    enum mx_answer reply = scripted(h, ask);
    struct mx_span password = mx_pop3_password(&h->pop3);
    char secret[MX_LINE_MAX];

    if (ask != MX_POP3_ASK_READ || reply != MX_YES) {
        describe(h, ask);
    }
    if (ask == MX_POP3_ASK_LOGIN) {
        memcpy(secret, password.ptr, password.len);
    }
    if (reply == MX_YES) {
        say_yes(h, ask);
    } else {
        mx_pop3_answer(&h->pop3, reply);
    }
    CHECK(ask != MX_POP3_ASK_LOGIN || password.len < 4 ||
          !holds(&h->pop3, secret, password.len));
}

/* --- the loop of tinymx/smtp.h ------------------------------------------ */

static void listen_not(struct pop3_host *h)
{
    CHECK(mx_pop3_push(&h->pop3, "NOOP\r\n", 6) == 0);
}

/* Sends and answers; false when there is nothing (more) to send or answer. */
static bool turn(struct pop3_host *h)
{
    size_t len;
    const char *out = mx_pop3_out_buf(&h->pop3, &len);
    enum mx_pop3_ask ask = mx_pop3_ask(&h->pop3);

    CHECK((out != NULL) == (len > 0));
    if (out != NULL) {
        CHECK(ask == MX_POP3_ASK_NONE);
        listen_not(h);
        if (h->ack_max > 0 && len > h->ack_max) {
            len = h->ack_max;
        }
        if (mx_pop3_wants_delay(&h->pop3)) {
            journal_flush(&h->journal);
            journal_note(&h->journal, "M", "SLOW", 4);
        }
        journal_stream(&h->journal, 'S', out, len);
        mx_pop3_out_ack(&h->pop3, len);
        return true;
    }
    if (ask == MX_POP3_ASK_NONE) {
        return false;
    }
    listen_not(h);
    if (ask != MX_POP3_ASK_CLOSE) {
        answer(h, ask);
        return true;
    }
    if (!h->closed) {
        journal_flush(&h->journal);
        journal_note(&h->journal, "M", "CLOSE", 5);
    }
    h->closed = true;
    return false;
}

size_t pop3_host_push(struct pop3_host *h, const char *data, size_t len)
{
    size_t used = 0;

    for (;;) {
        size_t n;

        while (turn(h)) {
        }
        n = mx_pop3_push(&h->pop3, data + used, len - used);
        CHECK(n <= len - used);
        used += n;
        if (n == 0 && !turn(h)) {
            return used;
        }
    }
}

void pop3_host_init(struct pop3_host *h)
{
    memset(h, 0, sizeof *h);
    h->cfg = (struct mx_pop3_config){
        .mx_name = "mx.example.test",
        .max_logins = 3,
    };
}

bool pop3_host_add(struct pop3_host *h, struct mx_span data)
{
    if (h->count == POP3_HOST_MESSAGES ||
        data.len > sizeof h->data - h->data_len) {
        return false;
    }
    memcpy(h->data + h->data_len, data.ptr, data.len);
    h->messages[h->count++] =
        (struct pop3_host_message){.at = h->data_len, .len = data.len};
    h->data_len += data.len;
    return true;
}

void pop3_host_begin(struct pop3_host *h)
{
    journal_clear(&h->journal);
    h->closed = false;
    for (size_t i = 0; i < MX_POP3_ASK_CLOSE; i++) {
        h->scripts[i].next = 0;
    }
    for (size_t i = 0; i < h->count; i++) {
        h->messages[i].gone = false;
    }
    memset(&h->pop3, 0xa5, sizeof h->pop3);
    mx_pop3_init(&h->pop3, &h->cfg, false, true);
    pop3_host_push(h, NULL, 0);
}

void pop3_host_handshake(struct pop3_host *h)
{
    mx_pop3_init(&h->pop3, &h->cfg, true, false);
}
