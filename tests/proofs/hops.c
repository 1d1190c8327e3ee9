/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The loop guard (smtp/hops.h), against its words.
 *
 * Proven: however the text is cut into calls, what is counted are the lines
 * that begin with "Received:", in letters of any case and with or without
 * blanks before the colon, before the first empty line; nothing behind that is.
 * A line ends with LF, an empty one is LF or CR LF. The count stays at its top.
 * Nothing outside the text is read.
 *
 * Bounds: a call gets up to TEXT bytes, of any value. The text, its lines and
 * the number of calls have none: by induction over calls, as in data.c. The
 * state belongs to the line so far, and after the call to that with what was
 * taken. That line has up to PAST bytes here, and a longer one is to these words
 * like one of them: "received" and blanks, or something else.
 *
 * Real: all of hops.c, which is included for the names of its states. Stub:
 * memchr(), in libc.c.
 */
#include "smtp/hops.c"

#include "proof.h"

#ifndef TEXT
#define TEXT 6
#endif
#define PAST 10

/* The line so far and the call's bytes, text + PAST. */
static char text[PAST + TEXT];
static struct mx_smtp s;

static bool is_letter(char c, char lower)
{
    return c == lower || c == lower - 'a' + 'A';
}

/* Is text[from] to before text[to] a part of "received", then blanks? */
static bool is_name(size_t from, size_t to)
{
    static const char name[] = "received";
    bool is = true;

    for (size_t i = 0; i < PAST + TEXT; i++) {
        if (i >= from && i < to) {
            is = is && (i - from < 8 ? is_letter(text[i], name[i - from])
                                     : text[i] == ' ' || text[i] == '\t');
        }
    }
    return is;
}

static bool is_empty(size_t from, size_t lf)
{
    return lf == from || (lf == from + 1 && text[from] == '\r');
}

/* The line that begins at text[from] goes up to text[to]. */
static uint8_t state_of(size_t from, size_t to)
{
    if (is_name(from, to)) {
        return (uint8_t)(to - from < 8 ? to - from : 8);
    }
    return to - from == 1 && text[from] == '\r' ? LINE_CR : INSIDE;
}

/* By the words: fields up to text[to], of which text[PAST] and what follows is
 * new, and the state then. */
static unsigned fields(size_t from, size_t to, uint8_t *state)
{
    unsigned n = 0;

    for (size_t i = PAST; i < PAST + TEXT; i++) {
        if (i >= to) {
            break;
        }
        if (text[i] == '\n' && is_empty(from, i)) {
            *state = BODY;
            return n;
        }
        n += text[i] == ':' && i - from >= 8 && is_name(from, i);
        from = text[i] == '\n' ? i + 1 : from;
    }
    *state = state_of(from, to);
    return n;
}

static size_t any_line_so_far(void)
{
    size_t from = nondet_size();

    ASSUME(from <= PAST);
    for (size_t i = 0; i < PAST; i++) {
        ASSUME(i < from || text[i] != '\n');
    }
    return from;
}

struct mx_smtp nondet_smtp(void);

int main(void)
{
    size_t len = nondet_size();
    bool in_body = nondet_bool();
    uint8_t state = BODY;
    unsigned found = 0;
    unsigned old;
    size_t from;

    __CPROVER_havoc_object(text);
    from = any_line_so_far();
    /* All of TEXT ends where the array does: beyond it is out of bounds. */
    ASSUME(len <= TEXT);
    s = nondet_smtp();
    s.hop_state = in_body ? BODY : state_of(from, PAST);
    old = s.hops;
    if (!in_body) {
        found = fields(from, PAST + len, &state);
    }
    smtp_hops_scan(&s, (struct mx_span){text + PAST, len});

    PROVE(s.hops == (old + found < UINT8_MAX ? old + found : UINT8_MAX),
          "fields are counted, and nothing else");
    PROVE(s.hop_state == state, "the state belongs to the line so far");
    PROVE(smtp_hops_too_many(&s) == (old + found > MX_HOPS_MAX), "too many");
    REACHED(found == 1 && state == BODY);
    REACHED(s.hops == UINT8_MAX && found > 0);
    REACHED(in_body && len == TEXT);
    REACHED(state == COLON && len > 2);
    smtp_hops_begin(&s);
    PROVE(s.hops == 0 && s.hop_state == state_of(PAST, PAST), "a new message");
    return 0;
}
