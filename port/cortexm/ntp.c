/* SPDX-License-Identifier: BSD-3-Clause */
#include "ntp.h"

#include <stddef.h>

/* The first octet: leap indicator, version, mode. */
#define LEAP(octet) ((octet) >> 6)
#define VERSION(octet) ((octet) >> 3 & 7)
#define MODE(octet) ((octet)&7)
#define LEAP_UNSET 3
#define VERSION_MIN 3
#define VERSION_MAX 4
#define MODE_SERVER 4

#define STRATUM_AT 1
#define ROOT_DELAY_AT 4
#define ROOT_DISPERSION_AT 8
#define ORIGINATE_AT 24
#define TRANSMIT_AT 40

#define STRATUM_KISS 0
#define STRATUM_MAX 15 /* 16: not synchronised (RFC 5905 7.3) */

/* MAXDISP of RFC 5905, in the 65536ths of a second that these fields have; a
 * negative one is larger. */
#define DISTANCE_MAX (16u << 16)

#define S_1900_TO_1970 2208988800u
#define LIFE_S (50u * 365 * 86400)

static uint32_t be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

int64_t ntp_utc_ms(uint32_t s, uint32_t frac)
{
    const int64_t earliest_s = TINYMX_EARLIEST;
    uint32_t age_s = s - (uint32_t)(earliest_s + S_1900_TO_1970);

    if (age_s > LIFE_S) {
        return 0;
    }
    return (earliest_s + age_s) * 1000 + (int64_t)((uint64_t)frac * 1000 >> 32);
}

static enum ntp_verdict judge_server(const uint8_t *answer)
{
    if (LEAP(answer[0]) == LEAP_UNSET || answer[STRATUM_AT] > STRATUM_MAX ||
        be32(answer + ROOT_DELAY_AT) >= DISTANCE_MAX ||
        be32(answer + ROOT_DISPERSION_AT) >= DISTANCE_MAX) {
        return NTP_UNSET;
    }
    return NTP_GOOD;
}

enum ntp_verdict ntp_judge(const uint8_t *answer, const uint32_t asked[2])
{
    uint32_t s = be32(answer + TRANSMIT_AT);
    uint32_t frac = be32(answer + TRANSMIT_AT + 4);
    enum ntp_verdict verdict;

    if (MODE(answer[0]) != MODE_SERVER || VERSION(answer[0]) < VERSION_MIN ||
        VERSION(answer[0]) > VERSION_MAX) {
        return NTP_MALFORMED;
    }
    if (be32(answer + ORIGINATE_AT) != asked[0] ||
        be32(answer + ORIGINATE_AT + 4) != asked[1]) {
        return NTP_UNASKED;
    }
    if (answer[STRATUM_AT] == STRATUM_KISS) {
        return NTP_KISS;
    }
    verdict = judge_server(answer);
    if (verdict != NTP_GOOD) {
        return verdict;
    }
    if (s == 0 && frac == 0) {
        return NTP_UNSET;
    }
    return ntp_utc_ms(s, frac) == 0 ? NTP_ABSURD : NTP_GOOD;
}

const char *ntp_words(enum ntp_verdict verdict)
{
    static const char *const words[] = {
        [NTP_GOOD] = "good",
        [NTP_KISS] = "it does not want to be asked",
        [NTP_MALFORMED] = "no answer in NTP",
        [NTP_UNASKED] = "answers what was not asked",
        [NTP_UNSET] = "its own clock is not set",
        [NTP_ABSURD] = "before this firmware was, or fifty years later",
        [NTP_ELSEWHERE] = "not from the server that was asked",
    };

    return words[verdict];
}
