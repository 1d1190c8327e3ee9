/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A year that begins in March has its leap day at the end, so that the days
 * before a month are a straight line: (153 * month + 2) / 5.
 */
#include "tls/calendar.h"

#define DAYS_400Y 146097
#define EPOCH 719468 /* days from 1 March of year 0 to 1 January 1970 */
#define DAY_S 86400

static int64_t days_before_year(int64_t y)
{
    return 365 * y + y / 4 - y / 100 + y / 400;
}

int64_t calendar_to_s(const struct calendar *c)
{
    int64_t y = c->month > 2 ? c->year : c->year - 1;
    int64_t m = c->month > 2 ? c->month - 3 : c->month + 9;
    int64_t days = days_before_year(y) + (153 * m + 2) / 5 + c->day - 1 - EPOCH;

    return ((days * 24 + c->hour) * 60 + c->minute) * 60 + c->second;
}

void calendar_from_s(int64_t s, struct calendar *c)
{
    int64_t days = s / DAY_S + EPOCH;
    int64_t rest = s % DAY_S;
    int64_t y = days * 400 / DAYS_400Y;
    int64_t m;

    while (days_before_year(y + 1) <= days) {
        y++;
    }
    while (days_before_year(y) > days) {
        y--;
    }
    days -= days_before_year(y);
    m = (5 * days + 2) / 153;
    c->day = (int)(days - (153 * m + 2) / 5 + 1);
    c->month = (int)(m < 10 ? m + 3 : m - 9);
    c->year = (int)(m < 10 ? y : y + 1);
    c->hour = (int)(rest / 3600);
    c->minute = (int)(rest / 60 % 60);
    c->second = (int)(rest % 60);
}
