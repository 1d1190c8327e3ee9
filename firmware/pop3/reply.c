/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The replies: RFC 1939, with the response codes of RFC 2449 and 3206.
 *
 * A percent sign and a letter stand for something of the session:
 *
 *   %n  our name in the MX
 *   %c  messages, %o octets of the maildrop, without those marked
 *   %m  the message's place, %s its octets, %u its unique-id
 *   %S  this line only in clear
 *   %T  this line only inside TLS
 */
#include "pop3/reply.h"

#include "util/assert.h"
#include "util/fmt.h"

#include <string.h>

#define CRLF "\r\n"

/* The last line is there always. */
/* clang-format off */
#define CAPA                                                                   \
    "+OK" CRLF                                                                 \
    "%SSTLS" CRLF                                                              \
    "%TUSER" CRLF                                                              \
    "TOP" CRLF                                                                 \
    "UIDL" CRLF                                                                \
    "PIPELINING" CRLF                                                          \
    "RESP-CODES" CRLF                                                          \
    "AUTH-RESP-CODE" CRLF                                                      \
    "IMPLEMENTATION tinymx" CRLF                                               \
    "."

static const struct {
    bool closes;
    const char *text; /* without its last CRLF, but for those of no session */
} replies[R_REPLIES] = {
    [R_NONE]         = {0, ""},

    [R_GREETING]     = {0, "+OK %n POP3 tinymx"},
    [R_CAPA]         = {0, CAPA},
    [R_TLS]          = {0, "+OK Ready to start TLS"},
    [R_USER]         = {0, "+OK And the password?"},
    [R_LOGIN]        = {0, "+OK %c messages, %o octets"},
    [R_OK]           = {0, "+OK"},
    [R_STAT]         = {0, "+OK %c %o"},
    [R_COUNT]        = {0, "+OK %c messages"},
    [R_SIZE]         = {0, "+OK %m %s"},
    [R_UID]          = {0, "+OK %m %u"},
    [R_SIZES_LINE]   = {0, "%m %s"},
    [R_UIDS_LINE]    = {0, "%m %u"},
    [R_TEXT]         = {0, "+OK %s octets"},
    [R_TOP]          = {0, "+OK"},
    [R_MARKED]       = {0, "+OK Goes when you say QUIT"},
    [R_END]          = {0, "."},
    [R_BYE]          = {1, "+OK"},

    [R_UNKNOWN]      = {0, "-ERR Command not recognized"},
    [R_SEQUENCE]     = {0, "-ERR Bad sequence of commands"},
    [R_LINE_LONG]    = {0, "-ERR Line too long"},
    [R_LINE_BAD]     = {0, "-ERR Bare CR, bare LF or NUL in the line"},
    [R_ARGUMENT]     = {0, "-ERR Bad argument"},
    [R_NO_MESSAGE]   = {0, "-ERR No such message"},
    [R_TLS_NEEDED]   = {0, "-ERR STLS has to come first"},
    [R_NO_LOGIN]     = {0, "-ERR [AUTH] User or password is wrong"},
    [R_LOGIN_MAX]    = {1, "-ERR [AUTH] User or password is wrong, closing"},
    [R_ERROR_MAX]    = {1, "-ERR Too many errors, closing"},

    [R_IN_USE]       = {0, "-ERR [IN-USE] Somebody reads the maildrop"},
    [R_LATER]        = {0, "-ERR [SYS/TEMP] Local trouble, try again later"},
    [R_DAMAGED]      = {0, "-ERR [SYS/PERM] The message is damaged"},
    [R_LEFT]         = {1, "-ERR [SYS/TEMP] Not all could be deleted"},
    [R_BUSY]         = {1, "-ERR [SYS/TEMP] Too busy, try again later"},
    [R_BREACH]       = {1, "-ERR Protocol violation, closing"},

    [R_TIMEOUT]      = {1, "-ERR Timeout, closing"},
    [R_SHUTDOWN]     = {1, "-ERR [SYS/TEMP] Shutting down"},
    [R_LONG]         = {1, "-ERR Session takes too long, closing"},
    [R_EVICTED]      = {1, "-ERR [SYS/TEMP] Idle, and others are waiting"},
    [R_HANDSHAKES]   = {1, "-ERR [SYS/TEMP] Too many TLS handshakes"},

    [R_REFUSAL]      = {1, "-ERR [SYS/TEMP] Too many connections" CRLF},
    [R_REFUSAL_PEER] = {1, "-ERR [SYS/TEMP] Too many connections from you" CRLF},
    [R_REFUSAL_RATE] = {1, "-ERR [SYS/TEMP] You connect too often" CRLF},
};
/* clang-format on */

/* The longest line of a listing, and what ends it. */
#define LIST_LINE sizeof("65535 0123456789abcdef" CRLF)
#define LIST_END sizeof("." CRLF)

/* What the name in the greeting can be, at most. */
#define NAME_MAX_LEN 255
_Static_assert(sizeof "+OK  POP3 tinymx" CRLF + NAME_MAX_LEN < MX_LINE_MAX &&
                   sizeof CAPA + 2 < MX_LINE_MAX,
               "replies have to fit the line buffer");

bool pop3_reply_closes(enum pop3_reply reply)
{
    return replies[reply].closes;
}

bool pop3_reply_is_error(enum pop3_reply reply)
{
    return replies[reply].text[0] == '-';
}

const char *pop3_reply_text(enum pop3_reply reply)
{
    return replies[reply].text;
}

const char *mx_pop3_refusal(enum mx_refusal why)
{
    static const uint8_t reasons[] = {
        [MX_REFUSE_FULL] = R_REFUSAL,
        [MX_REFUSE_PEER] = R_REFUSAL_PEER,
        [MX_REFUSE_RATE] = R_REFUSAL_RATE,
    };

    return pop3_reply_text(reasons[why]);
}

static void put_number(struct fmt *f, const struct mx_pop3 *s, char letter)
{
    const struct mx_pop3_drop *drop = s->drop;

    switch (letter) {
    case 'c':
        fmt_u32(f, (uint32_t)drop->messages - drop->marked);
        break;
    case 'o':
        fmt_u32(f, drop->octets - drop->marked_octets);
        break;
    case 'm':
        fmt_u32(f, s->message);
        break;
    case 's':
        fmt_u32(f, s->octets);
        break;
    default: /* 'u' */
        fmt_hex(f, drop->id, 8);
        fmt_hex(f, s->number, 8);
        break;
    }
}

/* A placeholder; returns whether the rest of its line is wanted. */
static bool put(struct fmt *f, const struct mx_pop3 *s, char letter)
{
    switch (letter) {
    case 'n':
        fmt_str(f, s->cfg->mx_name);
        return true;
    case 'S':
        return !s->in_tls;
    case 'T':
        return s->in_tls;
    default:
        put_number(f, s, letter);
        return true;
    }
}

void pop3_reply_say(struct mx_pop3 *s, enum pop3_reply reply)
{
    const char *p = replies[reply].text;
    struct fmt f;

    fmt_init(&f, s->buf + s->said, sizeof s->buf - s->said);
    while (*p != '\0') {
        size_t plain = strcspn(p, "%");

        fmt_bytes(&f, p, plain);
        p += plain;
        if (*p == '%') {
            p = put(&f, s, p[1]) ? p + 2 : strchr(p, '\n') + 1;
        }
    }
    fmt_str(&f, CRLF);
    MX_ASSERT(!f.cut);
    s->said = (uint16_t)(s->said + f.len);
}

void pop3_reply_send(struct mx_pop3 *s)
{
    s->reply = s->said;
    s->said = 0;
    s->sent = 0;
}

bool pop3_reply_has_room(const struct mx_pop3 *s)
{
    return sizeof s->buf - s->said >= LIST_LINE + LIST_END;
}
