/* SPDX-License-Identifier: BSD-3-Clause */
/* Seconds since 1970 as an RFC 5322 date, without a calendar library. */
#include "tinymx/trace.h"

#include "util/fmt.h"

#define DAY_S 86400
#define YEAR_9999_END_S 253402300799 /* the last second of four-digit years */

/* Counted from 1 March of the year 0, the leap day ends its year, and 400 years
 * are always the same number of days. */
#define DAYS_TO_1970 719468u
#define DAYS_400Y 146097u
#define DAYS_100Y 36524u
#define DAYS_4Y 1461u
#define DAYS_1Y 365u

struct day {
    uint32_t year;
    uint32_t month; /* 0 is January */
    uint32_t day;   /* 1 is the first */
};

static uint32_t at_most(uint32_t n, uint32_t most)
{
    return n < most ? n : most;
}

/* The last century of four and the last year of four are a day longer than the
 * others: without at_most(), 29 February would begin a fifth one. */
static struct day day_since_1970(uint32_t days)
{
    uint32_t left = days + DAYS_TO_1970;
    uint32_t year = left / DAYS_400Y * 400;
    uint32_t n;

    left %= DAYS_400Y;
    n = at_most(left / DAYS_100Y, 3);
    year += n * 100;
    left -= n * DAYS_100Y;
    year += left / DAYS_4Y * 4;
    left %= DAYS_4Y;
    n = at_most(left / DAYS_1Y, 3);
    year += n;
    left -= n * DAYS_1Y;

    /* Months from March go 31 30 31 30 31, 31 30 31 30 31, 31 28: five of them
     * are 153 days, and this line of slope 30.6 rounds as they do. */
    uint32_t month = (5 * left + 2) / 153;
    uint32_t day = left - (153 * month + 2) / 5 + 1;

    return (struct day){
        .year = year + (month >= 10),
        .month = (month + 2) % 12,
        .day = day,
    };
}

void mx_date_format(char *out, int64_t time_s)
{
    static const char weekdays[] = "Thu, Fri, Sat, Sun, Mon, Tue, Wed, ";
    static const char months[] = " Jan  Feb  Mar  Apr  May  Jun "
                                 " Jul  Aug  Sep  Oct  Nov  Dec ";
    struct fmt f;

    if (time_s < 0) {
        time_s = 0;
    } else if (time_s > YEAR_9999_END_S) {
        time_s = YEAR_9999_END_S;
    }
    uint32_t days = (uint32_t)(time_s / DAY_S);
    uint32_t seconds = (uint32_t)(time_s % DAY_S);
    struct day d = day_since_1970(days);

    fmt_init(&f, out, MX_DATE_MAX);
    fmt_bytes(&f, weekdays + (size_t)(days % 7) * 5, 5);
    fmt_pad(&f, d.day, 2);
    fmt_bytes(&f, months + (size_t)d.month * 5, 5);
    fmt_pad(&f, d.year, 4);
    fmt_char(&f, ' ');
    fmt_pad(&f, seconds / 3600, 2);
    fmt_char(&f, ':');
    fmt_pad(&f, seconds / 60 % 60, 2);
    fmt_char(&f, ':');
    fmt_pad(&f, seconds % 60, 2);
    fmt_str(&f, " +0000");
}
