/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Only CR LF ends a line, and only CR LF . CR LF ends the text (RFC 5321 2.3.8,
 * 4.1.1.4, 4.5.2). All the rest of "SMTP smuggling" is in the cells marked BARE
 * below: what somebody else might take for a line's end is not one here, and
 * the message that has it will not be accepted. Nor is one with a NUL, which
 * text has none of (RFC 2045 2.7, 2.8): whoever drops it behind us would read
 * an end where we saw CR LF NUL . CR LF.
 *
 * Nothing is copied. A byte is part of the message, or dropped, or the message
 * is refused; and which of them is known when it is read. The CR behind a lone
 * dot looks like an exception, for it is dropped in the hope of an LF: if that
 * does not come, the CR was a bare one, and nobody misses it.
 */
#include "smtp/data.h"

#include <string.h>

enum byte { CR, LF, NUL, DOT, OTHER, BYTES };

/* A cell: what to do with the byte, and the state behind it. */
enum deed {
    DEED_TAKE = 0x00,
    DEED_DROP = 0x10,
    DEED_BARE = 0x20,
    DEED_END = 0x30,
};
#define TAKE(next) (DEED_TAKE | DATA_##next)
#define DROP(next) (DEED_DROP | DATA_##next)
#define BARE(next) (DEED_BARE | DATA_##next)
#define ENDS(next) (DEED_END | DATA_##next)

/* clang-format off */
static const uint8_t table[DATA_STATES][BYTES] = {
/* just read         CR            LF            NUL           .             other */
[DATA_LINE]   = {TAKE(CR),     BARE(INSIDE), BARE(INSIDE), DROP(DOT),    TAKE(INSIDE)},
[DATA_INSIDE] = {TAKE(CR),     BARE(INSIDE), BARE(INSIDE), TAKE(INSIDE), TAKE(INSIDE)},
[DATA_CR]     = {BARE(CR),     TAKE(LINE),   BARE(INSIDE), BARE(INSIDE), BARE(INSIDE)},
[DATA_DOT]    = {DROP(DOT_CR), BARE(INSIDE), BARE(INSIDE), TAKE(INSIDE), TAKE(INSIDE)},
[DATA_DOT_CR] = {BARE(CR),     ENDS(LINE),   BARE(INSIDE), BARE(INSIDE), BARE(INSIDE)},
};
/* clang-format on */

static enum deed deed(uint8_t cell)
{
    return cell & 0xf0;
}

static uint8_t next(uint8_t cell)
{
    return cell & 0x0f;
}

static const enum smtp_data_event events[] = {
    [DEED_DROP >> 4] = DATA_MORE,
    [DEED_BARE >> 4] = DATA_BARE,
    [DEED_END >> 4] = DATA_END,
};

static enum byte kind(char c)
{
    switch (c) {
    case '\r':
        return CR;
    case '\n':
        return LF;
    case '\0':
        return NUL;
    case '.':
        return DOT;
    default:
        return OTHER;
    }
}

/* Whether one of these four is CR or below it: that borrows, and the top bit of
 * a byte tells, unless it was set before. */
static bool any_special(const char *in)
{
    uint32_t four;

    memcpy(&four, in, sizeof four);
    return ((four - 0x0e0e0e0eu) & ~four & 0x80808080u) != 0;
}

/* Most of a line is bytes that the table has nothing to say about: quickly past
 * them, four at a time. */
static size_t ordinary(const char *in, size_t len)
{
    size_t n = 0;

    while (len - n >= 4 && !any_special(in + n)) {
        n += 4;
    }
    while (n < len && (unsigned char)in[n] > '\r') {
        n++;
    }
    return n;
}

/* The bytes at the beginning of `in` that belong to the message. */
static size_t run(uint8_t *state, const char *in, size_t len)
{
    uint8_t at = *state;
    size_t n = 0;

    while (n < len) {
        uint8_t cell = table[at][kind(in[n])];

        if (deed(cell) != DEED_TAKE) {
            break;
        }
        at = next(cell);
        n++;
        if (at == DATA_INSIDE) {
            n += ordinary(in + n, len - n);
        }
    }
    *state = at;
    return n;
}

enum smtp_data_event smtp_data_scan(uint8_t *state, const char *in, size_t len,
                                    size_t *used, struct mx_span *body)
{
    enum smtp_data_event event = DATA_MORE;

    *used = 0;
    while (event == DATA_MORE && *used < len) {
        size_t n = run(state, in + *used, len - *used);

        if (n > 0) {
            *body = (struct mx_span){in + *used, n};
            *used += n;
            event = DATA_BODY;
        } else {
            uint8_t cell = table[*state][kind(in[*used])];

            *state = next(cell);
            *used += 1;
            event = events[deed(cell) >> 4];
        }
    }
    return event;
}
