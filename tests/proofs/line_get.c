/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A command line that is whole (smtp/line.h): smtp_line_get().
 *
 * Proven: the line lies in the buffer, without its CRLF, with no CR, LF or NUL
 * and no blank at its end; a line that lost its middle is refused as too long,
 * one with a CR, LF or NUL as bad, and no other; either way the next line
 * starts from nothing, so that each is answered once.
 *
 * Bounds: a line of up to LINE bytes of any value; one that is marked as too
 * long is as line.c proves it to be, of MX_LINE_MAX bytes.
 *
 * Real: all of line.c. Stub: memchr(), in libc.c.
 */
#include "smtp/line.h"

#include "proof.h"

#ifndef LINE
#define LINE 24
#endif

static struct mx_smtp s;

static bool is_bad(char c)
{
    return c == '\r' || c == '\n' || c == '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool has_bad(size_t len)
{
    bool bad = false;

    for (size_t i = 0; i < LINE - 2; i++) {
        bad = bad || (i < len && is_bad(s.buf[i]));
    }
    return bad;
}

static void check_line(struct mx_span line, size_t len)
{
    size_t k = nondet_size();

    PROVE(line.ptr == s.buf && line.len <= len, "in the buffer");
    PROVE(line.len == 0 || !is_blank(line.ptr[line.len - 1]), "trimmed");
    if (k >= line.len && k < len) {
        PROVE(is_blank(s.buf[k]), "of blanks only");
    }
    REACHED(line.len == LINE - 2);
    REACHED(line.len == 0 && len > 0);
}

struct mx_smtp nondet_smtp(void);

int main(void)
{
    struct mx_span line = {NULL, nondet_size()};
    bool overlong = nondet_bool();
    enum smtp_reply reply;
    size_t len;
    bool bad;

    s = nondet_smtp();
    s.overlong = overlong;
    ASSUME(s.fill <= (overlong ? MX_LINE_MAX : LINE));
    ASSUME(smtp_line_whole(&s));
    len = s.fill - 2u;
    bad = has_bad(len);
    reply = smtp_line_get(&s, &line);

    PROVE(s.fill == 0 && !s.overlong, "the next line starts from nothing");
    PROVE((reply == R_LINE_LONG) == overlong, "too long is what lost bytes");
    PROVE((reply == R_LINE_BAD) == (!overlong && bad), "bad is CR, LF or NUL");
    PROVE((reply == R_NONE) == (!overlong && !bad), "and the rest is a line");
    if (reply == R_NONE) {
        check_line(line, len);
    }
    REACHED(reply == R_LINE_LONG);
    REACHED(reply == R_LINE_BAD);
    return 0;
}
