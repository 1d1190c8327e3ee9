/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SMTP engine: the server side of RFC 5321, without input or output.
 *
 *              push()                          ask()  answer()
 *   bytes ───────────────► ┌─────────────┐ ───────────────────► host
 *                          │ struct      │     one question        (policy,
 *   bytes ◄─────────────── │ mx_smtp     │ ◄─────────────────── sink, TLS)
 *           out_buf/ack()  └─────────────┘
 *
 * The engine opens no socket, reads no clock, allocates nothing and calls
 * nobody back. It is in exactly one of three moods:
 *
 *   speaking    out_buf() is not empty: send it and out_ack() what was sent
 *   asking      ask() is not MX_ASK_NONE: find out and answer()
 *   listening   neither: push() takes bytes
 *
 * While it speaks or asks, push() takes none, so replies never pile up and a
 * host that cannot go on simply leaves the bytes with the network. Speaking
 * comes before asking when both are due (a 354 goes out before the first body
 * question; the last reply goes out before MX_ASK_CLOSE). The host's loop:
 *
 *     for (;;) {
 *         if out_buf() has bytes: send some, out_ack(); none sent: return
 *         else if ask():          answer(); cannot yet: return
 *         else:                   push() some; no input: return
 *     }
 *
 * A command line and the reply to it share one buffer of MX_LINE_MAX bytes:
 * spans that a question lends are gone when it is answered.
 *
 * STARTTLS is an airlock. When MX_ASK_STARTTLS is answered with MX_YES the 220
 * goes out and the engine takes nothing more, for ever: after the handshake the
 * host calls mx_smtp_init() anew with the TLS facts, and nothing that was heard
 * before exists any more (RFC 3207 4.2).
 */
#ifndef TINYMX_SMTP_H
#define TINYMX_SMTP_H

#include "tinymx/config.h"
#include "tinymx/mail.h"

/* `const` for life. */
struct mx_smtp_config {
    const char *mx_name;  /* greeting, EHLO, 221, 421: our name in the MX */
    uint32_t max_message; /* bytes; SIZE says so, 552 beyond; not 0 */
    uint16_t max_rcpt;    /* per message; 452 4.5.3 beyond; not 0 */
    uint16_t max_mail;    /* per session; 421 beyond; 0: no limit */
    /* Per session, 0: no limit; what is beyond gets 421 and ends it. */
    uint8_t max_errors;  /* 5yz, but of unknown recipients; 421 4.7.0 */
    uint8_t max_idle;    /* NOOP, RSET, EHLO ... since a message; 421 4.7.0 */
    uint8_t max_unknown; /* recipients that are MX_NO_USER, at most 127: beyond
                            each reply is delayed, beyond twice 421 4.7.1 */
    bool require_tls; /* in clear only NOOP, EHLO, STARTTLS, QUIT; else 530 */
    bool starttls;    /* there is an identity: offer it in clear */
};

enum mx_smtp_ask {
    MX_ASK_NONE,
    MX_ASK_STARTTLS, /* may TLS start? YES, BUSY, BREACH, LATER (454) */
    MX_ASK_MAIL,     /* path(), size(), flags(): open a message */
    MX_ASK_RCPT,     /* path(): one more recipient */
    MX_ASK_DATA,     /* the message's bytes begin; before the 354 of DATA,
                        before the first byte of BDAT */
    MX_ASK_BODY,     /* body(): the next bytes of it */
    MX_ASK_END,      /* it is whole: commit */
    MX_ASK_ABORT,    /* it ended otherwise: forget it. YES only */
    MX_ASK_CLOSE,    /* close the connection. Never answered */
};

/* Contents private to firmware/smtp; use the functions. */
struct mx_smtp {
    const struct mx_smtp_config *cfg;
    struct mx_path path; /* of the question; points into buf */
    struct mx_span body; /* of the question; points into what was pushed */
    uint32_t size;       /* SIZE= of MAIL */
    uint32_t taken;      /* bytes of this message so far */
    uint32_t chunk;      /* bytes of this BDAT chunk still to come */
    uint16_t rcpts;      /* accepted in this transaction */
    uint16_t mails;      /* transactions in this session */
    uint16_t fill;       /* bytes of the line in buf */
    uint16_t reply;      /* bytes of the reply in buf */
    uint16_t sent;       /* of these, already acknowledged */
    uint8_t state;       /* enum smtp_state */
    uint8_t ask;         /* enum mx_smtp_ask */
    uint8_t text;        /* enum smtp_data_state, in the text after DATA */
    uint8_t refusal;     /* reply the message gets at its true end ... */
    uint8_t after;       /* ... and the state that follows it */
    uint8_t flags;       /* enum mx_mail_flag */
    uint8_t hold;        /* enum smtp_hold, of the reply in buf */
    uint8_t errors;      /* in this session; the others of its kind too */
    uint8_t idle;        /* since a message was accepted */
    uint8_t unknown;
    uint8_t hops; /* Received: fields of this message */
    uint8_t hop_state;
    bool in_tls;
    bool denied;   /* by TLS: nothing but QUIT is done */
    bool esmtp;    /* it said EHLO, not HELO */
    bool open;     /* the host holds a message */
    bool last;     /* this chunk is the LAST */
    bool overlong; /* the line in buf lost its middle */
    char helo[MX_HELO_MAX + 1];
    char buf[MX_LINE_MAX];
};

/*
 * Begins a session; `s` may hold anything before, and nothing of it remains.
 * `tls` NULL: in clear, the 220 greeting is ready to be sent. `tls` given: the
 * session goes on inside TLS with the state just after the greeting; pass
 * `greet` for TLS from the first byte (RFC 8314), where it has to be sent.
 */
void mx_smtp_init(struct mx_smtp *s, const struct mx_smtp_config *cfg,
                  const struct mx_tls_facts *tls, bool greet);

/* Takes bytes from the peer; returns how many (0 when not listening, and never
 * more than up to the next reply or question). body() points into `data`: the
 * bytes of the call before stay valid until MX_ASK_BODY is answered. */
size_t mx_smtp_push(struct mx_smtp *s, const void *data, size_t len);

/* Bytes for the peer. NULL and *len 0 when there are none. */
const void *mx_smtp_out_buf(const struct mx_smtp *s, size_t *len);
void mx_smtp_out_ack(struct mx_smtp *s, size_t len);

/* Until the first byte of this reply was sent the peer has to be silent: it is
 * the greeting, or the reply to a command that has to be the last of its group
 * (RFC 2920 3.1, RFC 3207 4). Only the host can see whether the peer is: when
 * there is input, plaintext inside TLS, right before that byte would be sent,
 * it calls mx_smtp_end() with MX_WHY_EARLY instead. */
bool mx_smtp_wants_silence(const struct mx_smtp *s);

/* The first byte of this reply should be held back for some seconds, though
 * never for so long that the peer loses patience: it is asking for one unknown
 * recipient after another. Others are not to suffer from it. */
bool mx_smtp_wants_delay(const struct mx_smtp *s);

/* The pending question; MX_ASK_NONE while the engine still has to speak. */
enum mx_smtp_ask mx_smtp_ask(const struct mx_smtp *s);

/* Answers it. Which answers fit which question is a table in firmware/smtp;
 * one that does not fit is taken as MX_LATER.
 *
 * Anything but MX_YES to MAIL, DATA, BODY or END says that the host holds no
 * message (any more), and ABORT is not asked; to RCPT, that it holds it without
 * this recipient. Not-YES to DATA is the reply in place of 354, or, for BDAT,
 * after the chunk is swallowed; not-YES to BODY swallows the rest of the
 * message, and its reply comes at the true end. */
void mx_smtp_answer(struct mx_smtp *s, enum mx_answer answer);

/* The host ends the session: 421 with the reason (554 5.5.0 for MX_WHY_EARLY),
 * then MX_ASK_CLOSE. A message that is open is the host's to abort. A reply of
 * which nothing was sent yet is replaced; one that is half sent is finished, and
 * nothing follows it. */
void mx_smtp_end(struct mx_smtp *s, enum mx_why why);

/* What a newcomer is told for whom there is no session: a whole reply. Static. */
const char *mx_smtp_refusal(enum mx_refusal why);

/* What the question is about; valid until it is answered. */
const struct mx_path *mx_smtp_path(const struct mx_smtp *s);
struct mx_span mx_smtp_body(const struct mx_smtp *s);
uint32_t mx_smtp_size(const struct mx_smtp *s);
uint8_t mx_smtp_flags(const struct mx_smtp *s); /* enum mx_mail_flag */

/* What the client called itself, "" before EHLO; and the protocol for the
 * Received: line: SMTP, ESMTP, ESMTPS, UTF8SMTP, UTF8SMTPS (RFC 3848, 6531). */
const char *mx_smtp_helo(const struct mx_smtp *s);
const char *mx_smtp_protocol(const struct mx_smtp *s);

/* Between MAIL and the end of the message? (deadlines differ) */
bool mx_smtp_in_transaction(const struct mx_smtp *s);
/* Inside the bytes of a message? */
bool mx_smtp_in_body(const struct mx_smtp *s);

#endif
