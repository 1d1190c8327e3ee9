/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A mail server that delivers: from the queue of the ledger, one session after
 * the other, by the book. And one that leaves in the middle, at the phase and
 * in the way that it is told.
 */
#ifndef TINYMX_RIG_SENDER_H
#define TINYMX_RIG_SENDER_H

#include "chance.h"
#include "talk.h"

/* The way of a session; MAIL to REPLY once for each message. */
enum phase {
    CONNECTING,
    GREETED, /* EHLO */
    STARTTLS,
    HANDSHAKE,
    HELLO, /* EHLO, inside TLS */
    MAIL,
    RCPT,
    DATA,
    TEXT,
    REPLY, /* to the end of the text */
    QUIT,
    CLOSING, /* until the device's FIN */
    PHASES
};

/* How a sender leaves. */
enum leaving {
    BY_QUIT,
    BY_RESET,
    BY_FIN, /* inside TLS that is a truncation */
    BY_SILENCE,
    BY_VANISHING,
    LEAVINGS
};

struct plan {
    enum talk_tls tls;
    bool resume;
    bool p256;        /* see talk_secure() */
    bool pipelining;  /* MAIL, RCPT and DATA at once */
    unsigned mails;   /* at most; 0: HELO and QUIT */
    uint32_t drip_ms; /* see talk.h */
    enum leaving leaving;
    enum phase at;  /* unless by QUIT: here, */
    unsigned after; /* after so many turns in which something moved */
};

struct sender {
    struct plan plan;
    struct talk talk;
    enum phase phase;
    uint64_t since_ms;  /* patience counts from here */
    uint64_t opened_ms; /* and the whole session from here */
    unsigned mails;     /* begun */
    int attempt;        /* at a message, or -1 */
    char *wire;         /* the text as it goes out, */
    size_t wire_len, wire_done;
    unsigned replies; /* how many its end is: one a chunk */
    bool silent;
};

struct sender_stats {
    unsigned sessions, complete;
    unsigned busy; /* told 421 */
    unsigned reached[PHASES];
};
extern struct sender_stats sender_stats;

void sender_begin(struct sender *s, const struct plan *plan, unsigned host);
/* Goes on as far as it can now. False: the session is over. */
bool sender_turn(struct sender *s, struct chance *c);
/* When it wants a turn even if nothing arrives. */
uint64_t sender_due(const struct sender *s);

/* A plan that any mail server could have. */
struct plan plan_honest(struct chance *c);

#endif
