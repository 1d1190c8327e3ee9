/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a session is, and the one function that moves it.
 *
 *   GREETED ─EHLO─► HELLO ─MAIL─► MAIL ─RCPT─► RCPT ─DATA─► TEXT ─► END ─┐
 *                     ▲                          └──BDAT─► CHUNK ──┘     │
 *                     │                             ▲  └─► BDAT          │
 *                     │                             └────────┘           │
 *                     └──────────────────────────────────────────────────┘
 *
 * A message that is refused inside its bytes goes on in one of the two _SKIP
 * states until its true end, so that we stay in step with the peer. RSET, EHLO
 * and HELO lead back to HELLO from wherever a command may be given.
 */
#ifndef TINYMX_SMTP_STATE_H
#define TINYMX_SMTP_STATE_H

#include "smtp/reply.h"
#include "tinymx/smtp.h"

/* Each is commented with what was just read. */
enum smtp_state {
    ST_SAME,       /* not a state: stay where you are */
    ST_GREETED,    /* nothing, or the last byte of a TLS handshake */
    ST_HELLO,      /* EHLO or HELO, or the end of a transaction */
    ST_MAIL,       /* MAIL FROM:<a@b> */
    ST_RCPT,       /* RCPT TO:<a@b>, and one was accepted */
    ST_TEXT,       /* DATA, and bytes behind it */
    ST_TEXT_SKIP,  /* the same, of a message that is refused already */
    ST_CHUNK,      /* BDAT n, and fewer than n bytes behind it */
    ST_CHUNK_SKIP, /* the same, of a chunk that is refused already */
    ST_BDAT,       /* BDAT n, and n bytes */
    ST_END,        /* CR LF . CR LF, or BDAT n LAST and n bytes */
    ST_AIRLOCK,    /* STARTTLS */
    ST_CLOSING,    /* QUIT, or what made us say 421 */
    ST_STATES
};

/* Sets of them. */
#define IN(state) (1u << (state))
#define IN_TRANSACTION                                                         \
    (IN(ST_MAIL) | IN(ST_RCPT) | IN(ST_TEXT) | IN(ST_CHUNK) | IN(ST_BDAT) |    \
     IN(ST_END))
#define IN_BYTES                                                               \
    (IN(ST_TEXT) | IN(ST_TEXT_SKIP) | IN(ST_CHUNK) | IN(ST_CHUNK_SKIP))

/* What the host looks at before it sends the first byte of a reply. */
enum smtp_hold {
    HOLD_NONE,
    HOLD_SILENCE, /* the peer has said nothing more */
    HOLD_SLOW,    /* some time has passed */
};

static inline bool smtp_state_in(uint8_t state, unsigned set)
{
    return (IN(state) & set) != 0;
}

/* MX_ASK_DATA of the first BDAT: to the host the same question, to us another,
 * since a YES to it says nothing to the peer. */
#define ASK_BDAT (MX_ASK_CLOSE + 1)

/*
 * Says `reply` (R_NONE: nothing), then asks `ask` (MX_ASK_NONE: nothing), and
 * is in `next`. A reply given inside the bytes of a message refuses it: it is
 * kept, the rest skipped, and at the true end said; `next` comes then.
 */
void smtp_enter(struct mx_smtp *s, enum smtp_reply reply, unsigned ask,
                enum smtp_state next);

/* The message is whole: the host is asked to take it, unless it is one that
 * must not be taken. */
void smtp_finish(struct mx_smtp *s);

#endif
