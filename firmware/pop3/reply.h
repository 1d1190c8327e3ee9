/* SPDX-License-Identifier: BSD-3-Clause */
/* Every text that a client can see, but for the messages. */
#ifndef TINYMX_POP3_REPLY_H
#define TINYMX_POP3_REPLY_H

#include "tinymx/pop3.h"

enum pop3_reply {
    R_NONE, /* say nothing */

    /* it worked */
    R_GREETING,
    R_CAPA,
    R_TLS,
    R_USER,
    R_LOGIN,
    R_OK,
    R_STAT,
    R_COUNT,
    R_SIZE,
    R_UID,
    R_SIZES_LINE,
    R_UIDS_LINE,
    R_TEXT,
    R_TOP,
    R_MARKED,
    R_END,
    R_BYE,

    /* it did not, and the client is to blame */
    R_UNKNOWN,
    R_SEQUENCE,
    R_LINE_LONG,
    R_LINE_BAD,
    R_ARGUMENT,
    R_NO_MESSAGE,
    R_TLS_NEEDED,
    R_NO_LOGIN,
    R_LOGIN_MAX,
    R_ERROR_MAX,

    /* what the host answered; see enum mx_answer */
    R_IN_USE,
    R_LATER,
    R_DAMAGED,
    R_LEFT,
    R_BUSY,
    R_BREACH,

    /* the host ends the session; see enum mx_why */
    R_TIMEOUT,
    R_SHUTDOWN,
    R_LONG,
    R_EVICTED,
    R_HANDSHAKES,

    /* there is no session at all */
    R_REFUSAL,
    R_REFUSAL_PEER,
    R_REFUSAL_RATE,

    R_REPLIES
};

/* Is the connection closed after it? Is it a -ERR? */
bool pop3_reply_closes(enum pop3_reply reply);
bool pop3_reply_is_error(enum pop3_reply reply);

/* Adds it to what is being said; it goes out with pop3_reply_send(). */
void pop3_reply_say(struct mx_pop3 *s, enum pop3_reply reply);
void pop3_reply_send(struct mx_pop3 *s);

/* Is there room for one more line of a listing, and its end? */
bool pop3_reply_has_room(const struct mx_pop3 *s);

/* The text itself, for tests. */
const char *pop3_reply_text(enum pop3_reply reply);

#endif
