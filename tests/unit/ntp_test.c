/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers of a time server, from a good one that is changed octet by octet. */
#include "ntp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const uint32_t asked[2] = {0x01234567, 0x89abcdef};

/* Version 4, mode 4, stratum 2; a delay of 0.25 s, a dispersion of 0.5; asked at
 * as above; 23 Nov 2027 14:28:00.5. */
static const uint8_t good[NTP_SIZE] = {
    /* clang-format off */
    0x24, 2, 6, 0xec,  0, 0, 0x40, 0,  0, 0, 0x80, 0,  192, 0, 2, 9,
    0, 0, 0, 0, 0, 0, 0, 0,
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
    0, 0, 0, 0, 0, 0, 0, 0,
    0xf0, 0x8f, 0xff, 0x70, 0x80, 0, 0, 0,
    /* clang-format on */
};

static enum ntp_verdict changed(size_t at, const void *to, size_t len)
{
    uint8_t answer[NTP_SIZE];

    memcpy(answer, good, sizeof answer);
    memcpy(answer + at, to, len);
    return ntp_judge(answer, asked);
}

static enum ntp_verdict with_octet(size_t at, unsigned value)
{
    uint8_t octet = (uint8_t)value;

    return changed(at, &octet, 1);
}

/* Of the first octet: leap indicator 0 to 2, version 3 and 4, mode 4. */
static void first_octet(void **state)
{
    (void)state;
    for (unsigned octet = 0; octet < 256; octet++) {
        unsigned version = octet >> 3 & 7;
        enum ntp_verdict want = NTP_MALFORMED;

        if ((octet & 7) == 4 && (version == 3 || version == 4)) {
            want = octet >> 6 == 3 ? NTP_UNSET : NTP_GOOD;
        }
        assert_int_equal(with_octet(0, octet), want);
    }
}

static void strata(void **state)
{
    (void)state;
    for (unsigned stratum = 0; stratum < 256; stratum++) {
        assert_int_equal(with_octet(1, stratum), stratum == 0    ? NTP_KISS
                                                 : stratum <= 15 ? NTP_GOOD
                                                                 : NTP_UNSET);
    }
}

/* Every bit of the question has to come back; without it not even a kiss
 * counts. */
static void other_questions(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 64; bit++) {
        uint8_t answer[NTP_SIZE];

        memcpy(answer, good, sizeof answer);
        answer[24 + bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(ntp_judge(answer, asked), NTP_UNASKED);
        answer[1] = 0;
        assert_int_equal(ntp_judge(answer, asked), NTP_UNASKED);
    }
}

static void distances(void **state)
{
    (void)state;
    for (size_t at = 4; at <= 8; at += 4) {
        assert_int_equal(changed(at, "\x00\x0f\xff\xff", 4), NTP_GOOD);
        assert_int_equal(changed(at, "\x00\x10\x00\x00", 4), NTP_UNSET);
        assert_int_equal(changed(at, "\xff\xff\xff\xff", 4), NTP_UNSET);
    }
}

/* Seconds since 1900 modulo 2^32, against those since 1970. */
static void stamps(void **state)
{
    static const struct {
        uint32_t s;
        int64_t utc_s; /* 0: absurd */
    } rows[] = {
        {1, 2085978497},           /* 1900? 2036, a second into the next era */
        {2208988800u, 0},          /* 1970 */
        {3692217600u, 0},          /* 2017 */
        {4004467199u, 0},          /* a second before TINYMX_EARLIEST */
        {4004467200u, 1795478400}, /* that */
        {UINT32_MAX, 2085978495},  /* the last second of the era */
        {0, 2085978496},           /* 7 Feb 2036 06:28:16 */
        {1286299904u, 3372278400}, /* fifty years of 365 days later */
        {1286299905u, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t s = rows[i].s;
        const uint8_t stamp[8] = {(uint8_t)(s >> 24), (uint8_t)(s >> 16),
                                  (uint8_t)(s >> 8), (uint8_t)s, 0xc0};
        int64_t ms = rows[i].utc_s == 0 ? 0 : rows[i].utc_s * 1000 + 750;

        assert_int_equal(ntp_utc_ms(s, 0xc0000000), ms);
        assert_int_equal(changed(40, stamp, sizeof stamp),
                         ms == 0 ? NTP_ABSURD : NTP_GOOD);
    }
    assert_int_equal(ntp_utc_ms(0xf08fff70, 0x80000000), 1826980080500);
    assert_int_equal(ntp_utc_ms(0xf08fff70, UINT32_MAX), 1826980080999);
    assert_int_equal(changed(40, "\0\0\0\0\0\0\0\0", 8), NTP_UNSET);
}

static void has_words(void **state)
{
    (void)state;
    for (int v = NTP_GOOD; v <= NTP_ELSEWHERE; v++) {
        assert_true(strlen(ntp_words((enum ntp_verdict)v)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_octet),     cmocka_unit_test(strata),
        cmocka_unit_test(other_questions), cmocka_unit_test(distances),
        cmocka_unit_test(stamps),          cmocka_unit_test(has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
