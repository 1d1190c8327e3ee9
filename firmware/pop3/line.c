/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Only CRLF ends a line, as in firmware/smtp: one with a CR, an LF or a NUL
 * elsewhere, or one that is too long, is read to its CRLF and then refused.
 * Blanks at its end stay: a password may have them.
 */
#include "pop3/line.h"

#include <string.h>

_Static_assert(MX_LINE_MAX >= 512 && MX_LINE_MAX <= UINT16_MAX,
               "RFC 2449 4, and the size of mx_pop3.fill");

/* The last two bytes are always at the end of what the buffer holds, so that
 * the CRLF of a line that does not fit is found like any other. */
static void keep(struct mx_pop3 *s, char c)
{
    if (s->fill == MX_LINE_MAX) {
        s->overlong = true;
        s->buf[MX_LINE_MAX - 2] = s->buf[MX_LINE_MAX - 1];
        s->fill--;
    }
    s->buf[s->fill++] = c;
}

bool pop3_line_whole(const struct mx_pop3 *s)
{
    return s->fill >= 2 && s->buf[s->fill - 1] == '\n' &&
           s->buf[s->fill - 2] == '\r';
}

size_t pop3_line_take(struct mx_pop3 *s, const char *in, size_t len)
{
    size_t used = 0;

    while (used < len && !pop3_line_whole(s)) {
        keep(s, in[used++]);
    }
    return used;
}

static bool is_clean(const char *text, size_t len)
{
    return memchr(text, '\r', len) == NULL && memchr(text, '\n', len) == NULL &&
           memchr(text, '\0', len) == NULL;
}

enum pop3_reply pop3_line_get(struct mx_pop3 *s, struct mx_span *line)
{
    size_t len = s->fill - 2u;
    bool overlong = s->overlong;

    s->fill = 0;
    s->overlong = false;
    if (overlong) {
        return R_LINE_LONG;
    }
    *line = (struct mx_span){s->buf, len};
    return is_clean(s->buf, len) ? R_NONE : R_LINE_BAD;
}
