/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The replies: codes of RFC 5321 4.2 and those of the extensions, enhanced
 * codes of RFC 3463 in all but the greeting, EHLO, HELO and 354 (RFC 2034 4).
 *
 * A percent sign and a letter stand for something of the session:
 *
 *   %n  our name in the MX           %s  SIZE
 *   %o  octets of the message so far %r  RCPTMAX    %m  MAILMAX, if any
 *   %S  this line only where STARTTLS is offered
 *   %R  this line only inside TLS
 */
#include "smtp/reply.h"

#include "util/assert.h"
#include "util/fmt.h"

#include <string.h>

#define CRLF "\r\n"

/* The last line is there always, so that it is the one with the blank. */
/* clang-format off */
#define EHLO                                                                   \
    "250-%n" CRLF                                                              \
    "250-PIPELINING" CRLF                                                      \
    "250-SIZE %s" CRLF                                                         \
    "250-8BITMIME" CRLF                                                        \
    "250-SMTPUTF8" CRLF                                                        \
    "250-CHUNKING" CRLF                                                        \
    "250-LIMITS RCPTMAX=%r%m" CRLF                                             \
    "%S250-STARTTLS" CRLF                                                      \
    "%R250-REQUIRETLS" CRLF                                                    \
    "250 ENHANCEDSTATUSCODES"

/* What the placeholders of EHLO can become, at most. */
#define NAME_MAX_LEN 255 /* RFC 5321 4.5.3.1.2 */
#define EHLO_GROWTH (NAME_MAX_LEN + sizeof "4294967295" + sizeof "65535" +     \
                     sizeof " MAILMAX=65535")
_Static_assert(sizeof EHLO + EHLO_GROWTH + 2 <= MX_LINE_MAX,
               "the reply to EHLO does not fit the line buffer");

static const struct {
    bool closes;
    const char *text; /* without its last CRLF, but for those of no session */
} replies[R_REPLIES] = {
    [R_NONE]            = {0, ""},

    [R_GREETING]        = {0, "220 %n ESMTP tinymx"},
    [R_EHLO]            = {0, EHLO},
    [R_HELO]            = {0, "250 %n"},
    [R_OK]              = {0, "250 2.0.0 OK"},
    [R_SENDER]          = {0, "250 2.1.0 Sender OK"},
    [R_RCPT]            = {0, "250 2.1.5 Recipient OK"},
    [R_TEXT]            = {0, "354 End the message with <CRLF>.<CRLF>"},
    [R_CHUNK]           = {0, "250 2.0.0 %o octets so far"},
    [R_ACCEPTED]        = {0, "250 2.0.0 Message accepted"},
    [R_VRFY]            = {0, "252 2.5.0 Send some mail and see"},
    [R_HELP]            = {0, "214 2.0.0 See RFC 5321"},
    [R_TLS]             = {0, "220 2.0.0 Ready to start TLS"},
    [R_BYE]             = {1, "221 2.0.0 %n closes the connection"},

    [R_UNKNOWN]         = {0, "500 5.5.2 Command not recognized"},
    [R_ABSENT]          = {0, "502 5.5.1 Command not implemented"},
    [R_SEQUENCE]        = {0, "503 5.5.1 Bad sequence of commands"},
    [R_LINE_LONG]       = {0, "500 5.5.2 Line too long"},
    [R_LINE_BAD]        = {0, "500 5.5.2 Bare CR, bare LF or NUL in the line"},
    [R_NO_ARGUMENT]     = {0, "501 5.5.4 No argument allowed"},
    [R_ARGUMENT]        = {0, "501 5.5.4 Argument needed"},
    [R_NAME]            = {0, "501 5.5.4 Domain or address literal needed"},
    [R_SENDER_SYNTAX]   = {0, "501 5.1.7 Bad syntax of the reverse-path"},
    [R_RCPT_SYNTAX]     = {0, "501 5.1.3 Bad syntax of the forward-path"},
    [R_NON_ASCII]       = {0, "553 5.6.7 Address needs SMTPUTF8 and UTF-8"},
    [R_PARAMETER]       = {0, "555 5.5.4 Parameter not recognized"},
    [R_PARAMETER_VALUE] = {0, "501 5.5.4 Bad or repeated parameter"},
    [R_CHUNK_SYNTAX]    = {1, "501 5.5.4 Bad chunk size, closing"},
    [R_RCPT_MAX]        = {0, "452 4.5.3 Too many recipients"},
    [R_MAIL_MAX]        = {1, "421 4.7.0 %n Too many messages in one session"},
    [R_ERROR_MAX]       = {1, "421 4.7.0 %n Too many errors"},
    [R_IDLE_MAX]        = {1, "421 4.7.0 %n Too many commands without mail"},
    [R_UNKNOWN_MAX]     = {1, "421 4.7.1 %n Too many unknown recipients"},
    [R_BARE]            = {0, "554 5.6.0 Bare CR, bare LF or NUL in the message"},
    [R_HOPS]            = {0, "554 5.4.6 Too many hops, the mail is in a loop"},
    [R_TLS_NEEDED]      = {0, "530 5.7.0 STARTTLS has to come first"},
    [R_DENIED]          = {0, "554 5.7.0 No valid client certificate"},

    [R_NO]              = {0, "550 5.7.1 Not accepted here"},
    [R_NO_MESSAGE]      = {0, "554 5.7.1 Message not accepted"},
    [R_NO_USER]         = {0, "550 5.1.1 No such mailbox here"},
    [R_NO_RELAY]        = {0, "550 5.7.1 Not a domain of ours"},
    [R_BLOCKED]         = {0, "554 5.7.1 Your address is on a DNS block list"},
    [R_TOO_BIG]         = {0, "552 5.3.4 Message too big"},
    [R_LATER]           = {0, "451 4.3.0 Local trouble, try again later"},
    [R_TLS_LATER]       = {0, "454 4.7.0 TLS not available now"},
    [R_FULL]            = {0, "452 4.3.1 No room to store it, try later"},
    [R_BUSY]            = {1, "421 4.3.2 %n Too busy, try again later"},
    [R_BREACH]          = {1, "554 5.5.0 Protocol violation, closing"},

    [R_TIMEOUT]         = {1, "421 4.4.2 %n Timeout, closing"},
    [R_SHUTDOWN]        = {1, "421 4.3.2 %n Shutting down"},
    [R_EARLY]           = {1, "554 5.5.0 You spoke before your turn, closing"},
    [R_SLOW]            = {1, "421 4.4.2 %n Message comes too slowly, closing"},
    [R_LONG]            = {1, "421 4.4.2 %n Session takes too long, closing"},
    [R_EVICTED]         = {1, "421 4.3.2 %n Idle, and others are waiting"},
    [R_HANDSHAKES]      = {1, "421 4.7.0 %n Too many TLS handshakes"},

    [R_REFUSAL]         = {1, "421 4.3.2 Too many connections, try later" CRLF},
    [R_REFUSAL_PEER]    = {1, "421 4.7.0 Too many connections from you" CRLF},
    [R_REFUSAL_RATE]    = {1, "421 4.7.0 You connect too often" CRLF},
};
/* clang-format on */

bool smtp_reply_closes(enum smtp_reply reply)
{
    return replies[reply].closes;
}

const char *smtp_reply_text(enum smtp_reply reply)
{
    return replies[reply].text;
}

const char *mx_smtp_refusal(enum mx_refusal why)
{
    static const uint8_t reasons[] = {
        [MX_REFUSE_FULL] = R_REFUSAL,
        [MX_REFUSE_PEER] = R_REFUSAL_PEER,
        [MX_REFUSE_RATE] = R_REFUSAL_RATE,
    };

    return smtp_reply_text(reasons[why]);
}

static void put_mailmax(struct fmt *f, uint16_t max_mail)
{
    if (max_mail != 0) {
        fmt_str(f, " MAILMAX=");
        fmt_u32(f, max_mail);
    }
}

/* A placeholder; returns whether the rest of its line is wanted. */
static bool put(struct fmt *f, const struct mx_smtp *s, char letter)
{
    const struct mx_smtp_config *cfg = s->cfg;

    switch (letter) {
    case 'n':
        fmt_str(f, cfg->mx_name);
        return true;
    case 's':
        fmt_u32(f, cfg->max_message);
        return true;
    case 'o':
        fmt_u32(f, s->taken);
        return true;
    case 'r':
        fmt_u32(f, cfg->max_rcpt);
        return true;
    case 'm':
        put_mailmax(f, cfg->max_mail);
        return true;
    case 'S':
        return cfg->starttls && !s->in_tls;
    default: /* 'R' */
        return s->in_tls;
    }
}

void smtp_reply_write(struct mx_smtp *s, enum smtp_reply reply)
{
    const char *p = replies[reply].text;
    struct fmt f;

    fmt_init(&f, s->buf, sizeof s->buf);
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
    s->reply = (uint16_t)f.len;
    s->sent = 0;
}
