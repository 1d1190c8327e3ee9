/* SPDX-License-Identifier: BSD-3-Clause */
#include "pop3_host.h"
#include "replayed.h"

#include <stdlib.h>
#include <string.h>

const char replayed_kinds[] = "SM";

static struct pop3_host host;

void replayed_init(void)
{
    pop3_host_init(&host);
}

void replayed_begin(size_t ack_max)
{
    host.ack_max = ack_max;
    pop3_host_begin(&host);
}

void replayed_handshake(bool denied)
{
    (void)denied; /* whoever knows the password may read */
    pop3_host_handshake(&host);
}

size_t replayed_push(const char *data, size_t len)
{
    return pop3_host_push(&host, data, len);
}

void replayed_end(enum mx_why why)
{
    mx_pop3_end(&host.pop3, why);
}

struct journal *replayed_journal(void)
{
    return &host.journal;
}

/* --- settings ----------------------------------------------------------- */

static bool take_answer(struct pop3_host_script *s, const char *name)
{
    /* clang-format off */
    static const char *const names[MX_ANSWERS] = {
        [MX_YES] = "yes",   [MX_NO] = "no",         [MX_LATER] = "later",
        [MX_BUSY] = "busy", [MX_BREACH] = "breach", [MX_FULL] = "full",
    };
    /* clang-format on */

    for (int i = 0; i < MX_ANSWERS; i++) {
        if (names[i] != NULL && strcmp(name, names[i]) == 0 &&
            s->count < POP3_HOST_SCRIPT) {
            s->answers[s->count++] = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool script(enum mx_pop3_ask ask, struct mx_span value)
{
    char words[256];

    if (value.len >= sizeof words) {
        return false;
    }
    memcpy(words, value.ptr, value.len);
    words[value.len] = '\0';
    for (char *w = strtok(words, " "); w != NULL; w = strtok(NULL, " ")) {
        if (!take_answer(&host.scripts[ask], w)) {
            return false;
        }
    }
    return true;
}

bool replayed_set(const char *key, struct mx_span value)
{
    /* clang-format off */
    static const char *const asks[MX_POP3_ASK_CLOSE] = {
        [MX_POP3_ASK_STLS] = "STLS", [MX_POP3_ASK_LOGIN] = "LOGIN",
        [MX_POP3_ASK_FIND] = "FIND", [MX_POP3_ASK_OPEN] = "OPEN",
        [MX_POP3_ASK_READ] = "READ", [MX_POP3_ASK_SEEN] = "SEEN",
        [MX_POP3_ASK_DELETE] = "DELETE",
    };
    /* clang-format on */

    for (int i = 0; i < MX_POP3_ASK_CLOSE; i++) {
        if (asks[i] != NULL && strcmp(key, asks[i]) == 0) {
            return script((enum mx_pop3_ask)i, value);
        }
    }
    if (strcmp(key, "errors") == 0) {
        host.cfg.max_errors = (uint8_t)strtoul(value.ptr, NULL, 10);
        return true;
    }
    return strcmp(key, "message") == 0 && pop3_host_add(&host, value);
}
