/* SPDX-License-Identifier: BSD-3-Clause */
#include "replies.h"

#include "fuzz.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "5.1.10 " behind the code, of the same class. */
static bool has_enhanced(const char *line)
{
    const char *at = line + 4;

    if (*at != line[0] || at[1] != '.') {
        return false;
    }
    for (int part = 0; part < 2; part++) {
        at = strchr(at, '.');
        if (at == NULL || !is_digit(*++at)) {
            return false;
        }
    }
    at += strspn(at, "0123456789");
    return *at == ' ';
}

/* Greeting, EHLO and HELO have none (RFC 2034 4), nor has 354, for which there
 * is no class 3. All lines of EHLO's reply but the first are keywords. */
static bool needs_enhanced(const struct replies *r)
{
    bool names_us = strncmp(r->line + 4, "mx.example.test", 15) == 0;

    return r->line[0] != '3' && r->line[3] == ' ' && !r->more && !names_us;
}

static void check_line(struct replies *r)
{
    FUZZ_CHECK(r->fill >= 6);
    for (size_t i = 0; i < r->fill - 2; i++) {
        FUZZ_CHECK(r->line[i] >= ' ' && r->line[i] <= '~');
    }
    r->line[r->fill - 2] = '\0';
    FUZZ_CHECK(r->line[0] >= '2' && r->line[0] <= '5');
    FUZZ_CHECK(is_digit(r->line[1]) && is_digit(r->line[2]));
    FUZZ_CHECK(r->line[3] == ' ' || r->line[3] == '-');
    FUZZ_CHECK(!r->more || memcmp(r->code, r->line, 3) == 0);
    FUZZ_CHECK(!needs_enhanced(r) || has_enhanced(r->line));
}

static void end_line(struct replies *r)
{
    check_line(r);
    memcpy(r->code, r->line, 3);
    r->more = r->line[3] == '-';
    r->whole += !r->more;
    if (strcmp(r->line, "250 2.0.0 Message accepted") == 0) {
        r->accepted++;
        FUZZ_CHECK(r->denied == 0); /* before it, in clear, there may be some */
    }
    r->ready += strncmp(r->line, "220 2.0.0 ", 10) == 0;
    r->denied += strncmp(r->line, "554 5.7.0 ", 10) == 0;
    r->fill = 0;
}

void replies_push(struct replies *r, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        FUZZ_CHECK(r->fill < 512);
        r->line[r->fill++] = data[i];
        if (data[i] == '\n') {
            FUZZ_CHECK(r->fill >= 2 && r->line[r->fill - 2] == '\r');
            end_line(r);
        }
    }
}
