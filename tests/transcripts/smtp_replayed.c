/* SPDX-License-Identifier: BSD-3-Clause */
#include "replayed.h"
#include "smtp_host.h"

#include <stdlib.h>
#include <string.h>

const char replayed_kinds[] = "SMBb";

static struct host host;

void replayed_init(void)
{
    host_init(&host);
}

void replayed_begin(size_t ack_max)
{
    host.ack_max = ack_max;
    host_begin(&host);
}

void replayed_handshake(bool denied)
{
    host_handshake(&host, denied);
}

size_t replayed_push(const char *data, size_t len)
{
    return host_push(&host, data, len);
}

void replayed_end(enum mx_why why)
{
    mx_smtp_end(&host.smtp, why);
}

struct journal *replayed_journal(void)
{
    return &host.journal;
}

/* --- settings ----------------------------------------------------------- */

/* MX_ANSWERS: there is none of this name. */
static enum mx_answer answer_named(const char *name)
{
    /* clang-format off */
    static const char *const names[MX_ANSWERS] = {
        [MX_YES] = "yes",           [MX_NO] = "no",
        [MX_NO_USER] = "no_user",   [MX_NO_RELAY] = "no_relay",
        [MX_TOO_BIG] = "too_big",   [MX_LATER] = "later",
        [MX_FULL] = "full",         [MX_BUSY] = "busy",
        [MX_BREACH] = "breach",     [MX_BLOCKED] = "blocked",
    };
    /* clang-format on */

    for (int i = 0; i < MX_ANSWERS; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (enum mx_answer)i;
        }
    }
    return MX_ANSWERS;
}

static bool script(enum mx_smtp_ask ask, char *words)
{
    struct host_script *s = &host.scripts[ask];

    for (char *w = strtok(words, " "); w != NULL; w = strtok(NULL, " ")) {
        enum mx_answer answer = answer_named(w);

        if (answer == MX_ANSWERS || s->count == HOST_SCRIPT_MAX) {
            return false;
        }
        s->answers[s->count++] = (uint8_t)answer;
    }
    return true;
}

/* The numbers of the configuration. */
/* clang-format off */
static const struct {
    const char *key;
    size_t at;
    size_t size;
} numbers[] = {
#define NUMBER(key, field)                                                     \
    {key, offsetof(struct mx_smtp_config, field),                              \
     sizeof((struct mx_smtp_config *)NULL)->field}
    NUMBER("size", max_message),   NUMBER("rcptmax", max_rcpt),
    NUMBER("mailmax", max_mail),   NUMBER("errors", max_errors),
    NUMBER("idle", max_idle),      NUMBER("unknown", max_unknown),
};
/* clang-format on */

static bool set_number(const char *key, unsigned long n)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        void *field = (char *)&host.cfg + numbers[i].at;

        if (strcmp(key, numbers[i].key) != 0) {
            continue;
        }
        switch (numbers[i].size) {
        case 1:
            *(uint8_t *)field = (uint8_t)n;
            break;
        case 2:
            *(uint16_t *)field = (uint16_t)n;
            break;
        default:
            *(uint32_t *)field = (uint32_t)n;
            break;
        }
        return true;
    }
    return false;
}

static bool set_flag(const char *key, const char *value)
{
    bool *flag = strcmp(key, "starttls") == 0      ? &host.cfg.starttls
                 : strcmp(key, "require_tls") == 0 ? &host.cfg.require_tls
                                                   : NULL;

    if (flag != NULL) {
        *flag = strcmp(value, "yes") == 0;
    }
    return flag != NULL;
}

bool replayed_set(const char *key, struct mx_span value)
{
    /* clang-format off */
    static const char *const asks[MX_ASK_CLOSE] = {
        [MX_ASK_STARTTLS] = "STARTTLS", [MX_ASK_MAIL] = "MAIL",
        [MX_ASK_RCPT] = "RCPT",         [MX_ASK_DATA] = "DATA",
        [MX_ASK_BODY] = "BODY",         [MX_ASK_END] = "END",
    };
    /* clang-format on */
    char words[256];

    if (value.len >= sizeof words) {
        return false;
    }
    memcpy(words, value.ptr, value.len);
    words[value.len] = '\0';
    for (int i = 0; i < MX_ASK_CLOSE; i++) {
        if (asks[i] != NULL && strcmp(key, asks[i]) == 0) {
            return script((enum mx_smtp_ask)i, words);
        }
    }
    return set_number(key, strtoul(words, NULL, 10)) || set_flag(key, words);
}
