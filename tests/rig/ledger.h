/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What became of every message: the senders' queue, each attempt to deliver
 * with what the sender knows of it, and what the device really stored.
 *
 *     message ──► attempt ──► attempt ──► attempt
 *                 ended early  no reply    250
 *                 stored: 0    0 or 1      1, as it was sent
 *
 * An attempt has a reverse-path of its own, so that what is stored names it.
 * Only after an attempt that ended without a reply to its end may a message
 * come to be stored twice (RFC 5321 6.1, RFC 1047): neither side could know.
 */
#ifndef TINYMX_RIG_LEDGER_H
#define TINYMX_RIG_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fate {
    UNDER_WAY,
    NOT_ENDED, /* the end of the text was never sent */
    REFUSED,   /* a reply that was not 250 */
    UNKNOWN,   /* the end was sent, no reply came */
    ACCEPTED,  /* 250 */
    FATES
};

struct ledger_sums {
    unsigned messages, attempts, waiting;
    unsigned fate[FATES];
    unsigned stored;
    unsigned doubled; /* messages stored more than once, as they may be */
    uint64_t octets;  /* stored */
};

/* Messages 0 ... `messages` - 1 wait. */
void ledger_open(unsigned messages);

/* An attempt at a message that may be tried now; -1: there is none. */
int ledger_begin(void);
unsigned ledger_message(int attempt);
/* ... has ended like this. Unless it was accepted the message waits again,
 * until `again_ms`. */
void ledger_end(int attempt, enum fate fate, uint64_t again_ms);
/* When the next may be tried; UINT64_MAX: none waits. */
uint64_t ledger_due(void);
/* Neither waiting nor under way: all are delivered. */
bool ledger_done(void);

/* The device stored this text, without its trace field. */
void ledger_store(int attempt, const char *text, size_t len);

/* What must not be: printed, and how many there are. `all`: those not
 * delivered are lost. */
unsigned ledger_verdict(bool all);
struct ledger_sums ledger_sums(void);

#endif
