/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a session is, and the one function that moves it.
 *
 *   GREETED ─USER─► NAMED ─PASS─► OPEN ─────────QUIT──► UPDATE ─► CLOSING
 *      ▲              │           │  ▲
 *      └─ no such ────┘           ▼  │
 *                   SIZE UID MARK SIZES UIDS TEXT ENDED
 *
 * The states below OPEN are commands that ask the host; all lead back to it.
 */
#ifndef TINYMX_POP3_STATE_H
#define TINYMX_POP3_STATE_H

#include "pop3/reply.h"
#include "tinymx/pop3.h"

/* Each is commented with what was just read. */
enum pop3_state {
    ST_SAME,    /* not a state: stay where you are */
    ST_GREETED, /* nothing, or the last byte of a TLS handshake */
    ST_NAMED,   /* USER joe */
    ST_OPEN,    /* PASS, and it was right; or the end of a command */
    ST_SIZE,    /* LIST 1 */
    ST_UID,     /* UIDL 1 */
    ST_MARK,    /* DELE 1 */
    ST_SIZES,   /* LIST */
    ST_UIDS,    /* UIDL */
    ST_TEXT,    /* RETR 1, TOP 1 0 */
    ST_ENDED,   /* the same, and the text is out */
    ST_UPDATE,  /* QUIT, and there is something to delete */
    ST_AIRLOCK, /* STLS */
    ST_CLOSING, /* QUIT, or what made us say -ERR and go */
    ST_STATES
};

/* Sets of them. */
#define IN(state) (1u << (state))
#define IN_LOGIN (IN(ST_GREETED) | IN(ST_NAMED))

static inline bool pop3_state_in(uint8_t state, unsigned set)
{
    return (IN(state) & set) != 0;
}

/* Says `reply` (R_NONE: nothing), then asks `ask` (MX_POP3_ASK_NONE: nothing),
 * and is in `next`. */
void pop3_enter(struct mx_pop3 *s, enum pop3_reply reply, unsigned ask,
                enum pop3_state next);

#endif
