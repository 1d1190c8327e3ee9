/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Command lines out of a stream (smtp/line.h): smtp_line_take().
 *
 * Proven: it takes up to and including the first CRLF and never a byte behind
 * that, wherever the stream is cut; a line is whole then and only then; no byte
 * is written outside the buffer; a line that fits is kept to the byte, and one
 * that does not is marked.
 *
 * Bounds: a call gets up to INPUT bytes, of any value. The line before it is
 * any, of 0 to MX_LINE_MAX bytes, marked as too long or not: so the length of a
 * line and the number of calls have no bound, by induction over calls. What the
 * induction needs, that the buffer ends with the last two bytes of the stream,
 * is proven with it.
 *
 * Real: all of line.c. Stubs: none.
 */
#include "smtp/line.h"

#include "proof.h"

#ifndef INPUT
#define INPUT 2
#endif

static struct mx_smtp s;
static char in[INPUT];

/* The line before the call: its length and mark, its last byte, or one that is
 * no part of a CRLF, and any other. */
static size_t old_fill;
static bool old_overlong;
static char old_last;
static size_t k;
static char old_k;

static char behind(size_t i)
{
    return i > 0 ? in[i - 1] : old_last;
}

/* Is in[i] the LF of a CRLF? */
static bool ends(size_t i)
{
    return in[i] == '\n' && behind(i) == '\r';
}

static void check_end(size_t used, size_t len)
{
    size_t i = nondet_size();

    PROVE(used <= len, "never more than there is");
    if (used > 0) {
        PROVE(smtp_line_whole(&s) == ends(used - 1), "CRLF and nothing else");
    }
    PROVE(used == len || smtp_line_whole(&s), "it stops at a whole line only");
    if (used > 0 && i < used - 1) {
        PROVE(!ends(i), "not a byte behind a CRLF");
    }
    REACHED(used > 0 && used < len);
    REACHED(used == 1 && smtp_line_whole(&s));
}

static void check_kept(size_t used)
{
    size_t all = old_fill + used;

    PROVE(s.fill == (all < MX_LINE_MAX ? all : MX_LINE_MAX), "all that fits");
    PROVE(s.overlong == (old_overlong || all > MX_LINE_MAX), "or marked");
    if (used > 0) {
        PROVE(s.buf[s.fill - 1] == in[used - 1], "the last byte is the last");
        PROVE(s.fill < 2 || s.buf[s.fill - 2] == behind(used - 1),
              "and that before it the one before");
    }
    if (!s.overlong && k < s.fill) {
        PROVE(s.buf[k] == (k < old_fill ? old_k : in[k - old_fill]),
              "a line that fits is kept to the byte");
    }
    REACHED(!old_overlong && s.overlong);
    REACHED(s.overlong && smtp_line_whole(&s));
    REACHED(s.fill == MX_LINE_MAX && !s.overlong && smtp_line_whole(&s));
}

struct mx_smtp nondet_smtp(void);

static void be_in_a_line(void)
{
    s = nondet_smtp();
    s.overlong = nondet_bool();
    ASSUME(s.fill <= MX_LINE_MAX && !smtp_line_whole(&s));
    ASSUME(!s.overlong || s.fill == MX_LINE_MAX);
    old_fill = s.fill;
    old_overlong = s.overlong;
    old_last = s.fill > 0 ? s.buf[s.fill - 1] : 'x';
    k = nondet_size();
    ASSUME(k < MX_LINE_MAX);
    old_k = s.buf[k];
}

int main(void)
{
    size_t len = nondet_size();
    size_t used;

    __CPROVER_havoc_object(in);
    be_in_a_line();
    /* All of INPUT ends where the array does: beyond it is out of bounds. */
    ASSUME(len <= INPUT);
    used = smtp_line_take(&s, in, len);
    check_end(used, len);
    check_kept(used);
    return 0;
}
