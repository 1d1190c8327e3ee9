/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text after DATA (smtp/data.h), against the plain words of RFC 5321.
 *
 * Proven: for every text, cut into calls in any way, smtp_data_scan() sees the
 * end at the first CR LF . CR LF and nowhere else; what it lends is all bytes
 * before that but the dots that stuff a line; a CR or LF that is not part of a
 * CRLF, and a NUL, are told the moment they are known; what it lends lies in the
 * input, and it reads nothing beyond.
 *
 * Bounds: a call gets up to TEXT bytes, of any value: enough for two steps of
 * four at once behind a byte that the table looks at. The length of the text
 * and the number of calls have none: before the call stands a history, of which
 * the plain words never need more than four bytes, and the proof is by
 * induction over calls. The state belongs to the history, and after the call to
 * the history with what was taken; a text starts with a virtual CRLF.
 *
 * Real: all of data.c. Stubs: none.
 */
#include "smtp/data.h"

#include "proof.h"

#ifndef TEXT
#define TEXT 9
#endif
#define PAST 4

/* History and input as one: `text` + PAST is the input. */
static char text[PAST + TEXT];

/* Is text[at - 1] the last byte of CRLF, CRLF ., CRLF . CR? */
static bool after_crlf(size_t at)
{
    return at >= 2 && text[at - 2] == '\r' && text[at - 1] == '\n';
}

static bool after_dot(size_t at)
{
    return at >= 3 && text[at - 1] == '.' && after_crlf(at - 1);
}

static bool after_dot_cr(size_t at)
{
    return at >= 4 && text[at - 1] == '\r' && after_dot(at - 1);
}

/* The state that belongs to what stands before text[at]. */
static enum smtp_data_state state_of(size_t at)
{
    if (after_crlf(at)) {
        return DATA_LINE;
    }
    if (after_dot(at)) {
        return DATA_DOT;
    }
    if (after_dot_cr(at)) {
        return DATA_DOT_CR;
    }
    return text[at - 1] == '\r' ? DATA_CR : DATA_INSIDE;
}

/* CR and LF are a pair or bare, and the second byte tells. A NUL is never of
 * the text. */
static bool tells_bare(size_t at)
{
    return text[at] == '\0' || (text[at - 1] == '\r') != (text[at] == '\n');
}

static bool ends(size_t at)
{
    return text[at] == '\n' && after_dot_cr(at);
}

/* Not of the message: a dot at the beginning of a line, and the CR that may end
 * the text behind it. */
static bool is_dropped(size_t at)
{
    return (text[at] == '.' && after_crlf(at)) ||
           (text[at] == '\r' && after_dot(at));
}

static void check_event(enum smtp_data_event event, size_t used, size_t len)
{
    size_t last = PAST + used - 1;

    if (used == 0) {
        PROVE(len == 0 && event == DATA_MORE, "no byte, no event");
        return;
    }
    PROVE((event == DATA_END) == ends(last), "the end is where it is");
    PROVE((event == DATA_BARE) == tells_bare(last), "bare is told");
    PROVE(event != DATA_MORE || used == len, "no event: all was taken");
}

/* `at`: any of the bytes that were taken. */
static void check_byte(enum smtp_data_event event, size_t used,
                       const struct mx_span *body, size_t at)
{
    bool last = at == PAST + used - 1;
    bool lent = event == DATA_BODY && &text[at] >= body->ptr &&
                &text[at] < body->ptr + body->len;

    PROVE(last || !ends(at), "nothing is taken behind the end");
    PROVE(last || !tells_bare(at), "nothing is taken behind a bare one");
    PROVE(lent == !(is_dropped(at) || tells_bare(at) || ends(at)),
          "lent is what belongs to the message");
}

int main(void)
{
    size_t len = nondet_size();
    size_t used = nondet_size();
    size_t at = nondet_size();
    struct mx_span body = {NULL, nondet_size()};
    uint8_t state;
    enum smtp_data_event event;

    __CPROVER_havoc_object(text);
    /* All of TEXT ends where the array does: beyond it is out of bounds. */
    ASSUME(len <= TEXT);
    state = (uint8_t)state_of(PAST);
    event = smtp_data_scan(&state, text + PAST, len, &used, &body);

    PROVE(used <= len, "never more than there is");
    PROVE(state == state_of(PAST + used), "the state belongs to the history");
    check_event(event, used, len);
    if (event == DATA_BODY) {
        PROVE(body.len > 0 && body.len <= used, "a part of the input");
        PROVE(body.ptr + body.len == text + PAST + used, "ends where it stops");
    }
    ASSUME(at >= PAST && at < PAST + used);
    check_byte(event, used, &body, at);
    REACHED(event == DATA_END);
    REACHED(event == DATA_BARE);
    REACHED(event == DATA_BARE && text[PAST + used - 1] == '\0');
    REACHED(event == DATA_MORE && state == DATA_DOT_CR);
    REACHED(event == DATA_BODY && body.len == TEXT);
    REACHED(event == DATA_BODY && is_dropped(at));
    return 0;
}
