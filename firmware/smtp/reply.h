/* SPDX-License-Identifier: BSD-3-Clause */
/* Every text that a peer can see. */
#ifndef TINYMX_SMTP_REPLY_H
#define TINYMX_SMTP_REPLY_H

#include "tinymx/smtp.h"

enum smtp_reply {
    R_NONE, /* say nothing */

    /* it worked */
    R_GREETING,
    R_EHLO,
    R_HELO,
    R_OK,
    R_SENDER,
    R_RCPT,
    R_TEXT,
    R_CHUNK,
    R_ACCEPTED,
    R_VRFY,
    R_HELP,
    R_TLS,
    R_BYE,

    /* it did not, and the peer is to blame */
    R_UNKNOWN,
    R_ABSENT,
    R_SEQUENCE,
    R_LINE_LONG,
    R_LINE_BAD,
    R_NO_ARGUMENT,
    R_ARGUMENT,
    R_NAME,
    R_SENDER_SYNTAX,
    R_RCPT_SYNTAX,
    R_NON_ASCII,
    R_PARAMETER,
    R_PARAMETER_VALUE,
    R_CHUNK_SYNTAX,
    R_RCPT_MAX,
    R_MAIL_MAX,
    R_ERROR_MAX,
    R_IDLE_MAX,
    R_UNKNOWN_MAX,
    R_BARE,
    R_HOPS,
    R_TLS_NEEDED,
    R_DENIED,

    /* what the host answered; see enum mx_answer */
    R_NO,
    R_NO_MESSAGE,
    R_NO_USER,
    R_NO_RELAY,
    R_BLOCKED,
    R_TOO_BIG,
    R_LATER,
    R_TLS_LATER,
    R_FULL,
    R_BUSY,
    R_BREACH,

    /* the host ends the session; see enum mx_why */
    R_TIMEOUT,
    R_SHUTDOWN,
    R_EARLY,
    R_SLOW,
    R_LONG,
    R_EVICTED,
    R_HANDSHAKES,

    /* there is no session at all */
    R_REFUSAL,
    R_REFUSAL_PEER,
    R_REFUSAL_RATE,

    R_REPLIES
};

/* Is the connection closed after it? */
bool smtp_reply_closes(enum smtp_reply reply);

/* Puts it into s->buf, over the command line, to be sent. */
void smtp_reply_write(struct mx_smtp *s, enum smtp_reply reply);

/* The text itself, for tests. */
const char *smtp_reply_text(enum smtp_reply reply);

#endif
