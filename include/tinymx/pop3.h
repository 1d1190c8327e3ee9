/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The POP3 engine: the server side of RFC 1939, without input or output.
 *
 *              push()                          ask()  answer() ...
 *   bytes ───────────────► ┌─────────────┐ ───────────────────► host
 *                          │ struct      │     one question        (password,
 *   bytes ◄─────────────── │ mx_pop3     │ ◄─────────────────── maildrop, TLS)
 *           out_buf/ack()  └─────────────┘
 *
 * It has the three moods of smtp.h, speaking, asking and listening, and its
 * host the same loop. STLS is the same airlock as STARTTLS: after it nothing is
 * taken, and the host begins a new engine inside TLS (RFC 2595 4).
 *
 * In clear there is no login: USER and PASS are refused unread. What a client
 * deletes is marked, and goes when it says QUIT; a session that ends otherwise
 * deletes nothing (RFC 1939 6).
 *
 * The maildrop is the host's: a row of messages that stays as it is for the
 * session, each known by its place in it, from 1.
 */
#ifndef TINYMX_POP3_H
#define TINYMX_POP3_H

#include "tinymx/config.h"
#include "tinymx/mail.h"

/* What is kept of a user's name; a longer one is nobody's. */
#define MX_POP3_NAME_MAX 64

/* `const` for life. */
struct mx_pop3_config {
    const char *mx_name; /* greeting: our name in the MX, 255 octets at most */
    uint8_t max_errors;  /* -ERR in a session; 0: no limit */
    uint8_t max_logins;  /* that failed in a session; not 0 */
};

/* A maildrop. The host sets the first three and lends it from the answer to
 * LOGIN to the end of the session; the rest is the engine's. */
struct mx_pop3_drop {
    uint32_t id;       /* first half of the unique-ids, second is a number */
    uint32_t octets;   /* of all messages */
    uint16_t messages; /* at most MX_POP3_MESSAGES */
    uint16_t marked;   /* of these, to be deleted, */
    uint32_t marked_octets;
    uint8_t marks[(MX_POP3_MESSAGES + 7) / 8]; /* a bit each */
};

enum mx_pop3_ask {
    MX_POP3_ASK_NONE,
    MX_POP3_ASK_STLS,   /* may TLS start? YES, BUSY, BREACH, LATER */
    MX_POP3_ASK_LOGIN,  /* user(), password(): is it so? mx_pop3_login(); NO;
                           BUSY: somebody reads the maildrop; LATER */
    MX_POP3_ASK_FIND,   /* message(): mx_pop3_found(); LATER */
    MX_POP3_ASK_OPEN,   /* message(): it will be read. mx_pop3_found(); NO: it
                           is damaged; LATER */
    MX_POP3_ASK_READ,   /* message(), offset(): put bytes of it into room() and
                           say mx_pop3_fill(); LATER ends the session */
    MX_POP3_ASK_SEEN,   /* message(): the client was sent all of it. YES */
    MX_POP3_ASK_DELETE, /* message(), for good. YES, LATER */
    MX_POP3_ASK_CLOSE,  /* close the connection. Never answered */
};

/* Contents private to firmware/pop3; use the functions. */
struct mx_pop3 {
    const struct mx_pop3_config *cfg;
    struct mx_pop3_drop *drop; /* NULL: nobody has logged in */
    struct mx_span password;   /* of the question; points into buf */
    uint32_t offset;           /* of the message, what was read so far */
    uint32_t octets;           /* of the message */
    uint32_t number;           /* of the message: its unique-id */
    uint32_t lines;            /* of its body, still to be sent */
    uint16_t message;          /* its place */
    uint16_t fill;             /* bytes of the line in buf */
    uint16_t said;             /* bytes of the reply being built in buf */
    uint16_t reply;            /* bytes of the reply in buf, */
    uint16_t sent;             /* of these, already acknowledged */
    uint8_t state;             /* enum pop3_state */
    uint8_t ask;               /* enum mx_pop3_ask */
    uint8_t errors;            /* in this session; stays at its top */
    uint8_t logins;            /* that failed in this session */
    bool in_tls;
    bool slow;     /* the reply in buf is to be delayed */
    bool overlong; /* the line in buf lost its middle */
    bool failed;   /* a message could not be deleted */
    bool top;      /* only the top of the message is sent */
    bool in_body;  /* what is sent is behind the blank line */
    bool in_line;  /* and not at the beginning of a line */
    bool blank;    /* the line has nothing but its CR so far */
    char user[MX_POP3_NAME_MAX + 1];
    char buf[MX_LINE_MAX];
};

/* Begins a session; nothing of what `s` held remains. `greet`: the greeting has
 * to be sent; otherwise the session goes on behind STLS. */
void mx_pop3_init(struct mx_pop3 *s, const struct mx_pop3_config *cfg,
                  bool in_tls, bool greet);

/* As in smtp.h. */
size_t mx_pop3_push(struct mx_pop3 *s, const void *data, size_t len);
const void *mx_pop3_out_buf(const struct mx_pop3 *s, size_t *len);
void mx_pop3_out_ack(struct mx_pop3 *s, size_t len);

/* The first byte of this reply should be held back for some seconds: the
 * password was wrong. */
bool mx_pop3_wants_delay(const struct mx_pop3 *s);

/* The pending question; MX_POP3_ASK_NONE while there is something to send. */
enum mx_pop3_ask mx_pop3_ask(const struct mx_pop3 *s);

/* What the question is about; valid until it is answered. */
const char *mx_pop3_user(const struct mx_pop3 *s);
struct mx_span mx_pop3_password(const struct mx_pop3 *s);
uint16_t mx_pop3_message(const struct mx_pop3 *s);
uint32_t mx_pop3_offset(const struct mx_pop3 *s);
/* Where bytes go; of OPEN too, to do with as the host likes. */
void *mx_pop3_room(struct mx_pop3 *s, size_t *len);

/* Answers it: by one of the first three where the question says so, else, and
 * whenever it is not a yes, by the last. An answer that does not fit is taken as
 * MX_LATER. */
void mx_pop3_login(struct mx_pop3 *s, struct mx_pop3_drop *drop);
/* `octets` as RETR sends them, before dots are stuffed. A message that does not
 * end with CR LF gets one, which counts. */
void mx_pop3_found(struct mx_pop3 *s, uint32_t octets, uint32_t number);
/* `len` bytes, at most as many as there is room; 0: the message ends here. */
void mx_pop3_fill(struct mx_pop3 *s, size_t len);
void mx_pop3_answer(struct mx_pop3 *s, enum mx_answer answer);

/* The host ends the session: -ERR with the reason, unless it is in the middle of
 * saying something, then MX_POP3_ASK_CLOSE. */
void mx_pop3_end(struct mx_pop3 *s, enum mx_why why);

/* Has somebody logged in? (deadlines differ) */
bool mx_pop3_logged_in(const struct mx_pop3 *s);
/* Is a command at work that the client waits for? */
bool mx_pop3_busy(const struct mx_pop3 *s);

/* What a newcomer is told for whom there is no session: a whole reply. Static. */
const char *mx_pop3_refusal(enum mx_refusal why);

#endif
