/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counts the Received: fields of the header section, whose end is the first
 * empty line. A state is how much of "received:" the line has so far; RFC 5322
 * 4.5.7 lets blanks stand before the colon. A folded line begins with a blank,
 * so it is none. In a chunk of BDAT a line may end with a lone LF, and whoever
 * reads the message later may take it for one.
 *
 * Nothing is refused here: that is done at the message's true end, and what was
 * lent to the host until then does not depend on how the input was cut.
 */
#include "smtp/hops.h"

#include <string.h>

#define NAME "received:"
#define NAME_LEN (sizeof NAME - 1)

enum {
    LINE = 0,               /* nothing of a line; 1 to 8: so much of NAME */
    COLON = NAME_LEN - 1,   /* all of it, but for the colon */
    INSIDE = NAME_LEN,      /* a line that is another one, or counted */
    LINE_CR = NAME_LEN + 1, /* CR, and nothing else of a line */
    BODY = NAME_LEN + 2,    /* an empty line */
};

_Static_assert(MX_HOPS_MAX < UINT8_MAX, "mx_smtp.hops");

void smtp_hops_begin(struct mx_smtp *s)
{
    s->hops = 0;
    s->hop_state = LINE;
}

static bool is_next_of_name(uint8_t state, char c)
{
    return state < NAME_LEN && (c == NAME[state] || (c | 0x20) == NAME[state]);
}

static uint8_t next(uint8_t state, char c)
{
    if (c == '\n') {
        return state == LINE || state == LINE_CR ? BODY : LINE;
    }
    if (is_next_of_name(state, c)) {
        return (uint8_t)(state + 1);
    }
    if (state == COLON && (c == ' ' || c == '\t')) {
        return COLON;
    }
    return state == LINE && c == '\r' ? LINE_CR : INSIDE;
}

static void step(struct mx_smtp *s, char c)
{
    bool found = s->hop_state == COLON && c == ':';

    s->hops = (uint8_t)(s->hops + (found && s->hops < UINT8_MAX));
    s->hop_state = next(s->hop_state, c);
}

/* Most of a line says nothing: quickly past it. */
static size_t rest_of_line(const char *text, size_t len)
{
    const char *end = memchr(text, '\n', len);

    return end != NULL ? (size_t)(end - text) : len;
}

void smtp_hops_scan(struct mx_smtp *s, struct mx_span body)
{
    size_t i = 0;

    while (i < body.len && s->hop_state != BODY) {
        if (s->hop_state == INSIDE) {
            i += rest_of_line(body.ptr + i, body.len - i);
        }
        if (i < body.len) {
            step(s, body.ptr[i++]);
        }
    }
}

bool smtp_hops_too_many(const struct mx_smtp *s)
{
    return s->hops > MX_HOPS_MAX;
}
