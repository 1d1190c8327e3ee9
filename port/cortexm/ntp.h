/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which answers of a time server are believed (RFC 4330 5). lwIP looks at
 * sender, length and mode; all else is here, and comes before it, so that it
 * goes on waiting for a better answer, or asks again.
 *
 * What is asked with is no time but 64 random bits: who does not see the
 * question cannot answer it, and it tells nobody what time it is here.
 */
#ifndef TINYMX_CORTEXM_NTP_H
#define TINYMX_CORTEXM_NTP_H

#include <stdint.h>

#define NTP_SIZE 48u /* octets, without extensions */

enum ntp_verdict {
    NTP_GOOD,
    NTP_KISS,      /* the server wants to be asked less, or not at all */
    NTP_MALFORMED, /* no answer of a server, in a version that we know */
    NTP_UNASKED,   /* to another question, or to one that was answered */
    NTP_UNSET,     /* the server does not know the time well itself */
    NTP_ABSURD,    /* no time at which this firmware can run */
    NTP_ELSEWHERE, /* lwIP: not from the server that was asked */
};

/* Of NTP_SIZE octets; `asked` is what the question had for its own time. */
enum ntp_verdict ntp_judge(const uint8_t *answer, const uint32_t asked[2]);

/* Milliseconds since 1970 of a time stamp: seconds since 1900 modulo 2^32, and
 * 2^32nds of one. It is the one of the 136 years from TINYMX_EARLIEST on, which
 * is when the sources were written: in 2036 nothing happens. 0: absurd, before
 * that or fifty years later. */
int64_t ntp_utc_ms(uint32_t s, uint32_t frac);

/* A few words, for the log. */
const char *ntp_words(enum ntp_verdict verdict);

#endif
