/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Only CRLF ends a line (RFC 5321 2.3.8). A line that has a CR, an LF or a NUL
 * elsewhere, or is too long, is read to its CRLF all the same and then refused
 * as one line: what looks like a second command behind a bare LF never runs.
 */
#include "smtp/line.h"

#include <string.h>

_Static_assert(MX_LINE_MAX >= 512 && MX_LINE_MAX <= UINT16_MAX,
               "RFC 5321 4.5.3.1.4, and the size of mx_smtp.fill");

/* The last two bytes are always at the end of what the buffer holds, so that
 * the CRLF of a line that does not fit is found like any other. */
static void keep(struct mx_smtp *s, char c)
{
    if (s->fill == MX_LINE_MAX) {
        s->overlong = true;
        s->buf[MX_LINE_MAX - 2] = s->buf[MX_LINE_MAX - 1];
        s->fill--;
    }
    s->buf[s->fill++] = c;
}

bool smtp_line_whole(const struct mx_smtp *s)
{
    return s->fill >= 2 && s->buf[s->fill - 1] == '\n' &&
           s->buf[s->fill - 2] == '\r';
}

size_t smtp_line_take(struct mx_smtp *s, const char *in, size_t len)
{
    size_t used = 0;

    while (used < len && !smtp_line_whole(s)) {
        keep(s, in[used++]);
    }
    return used;
}

static bool is_clean(const char *text, size_t len)
{
    return memchr(text, '\r', len) == NULL && memchr(text, '\n', len) == NULL &&
           memchr(text, '\0', len) == NULL;
}

enum smtp_reply smtp_line_get(struct mx_smtp *s, struct mx_span *line)
{
    size_t len = s->fill - 2u;
    bool overlong = s->overlong;

    s->fill = 0;
    s->overlong = false;
    if (overlong) {
        return R_LINE_LONG;
    }
    if (!is_clean(s->buf, len)) {
        return R_LINE_BAD;
    }
    while (len > 0 && (s->buf[len - 1] == ' ' || s->buf[len - 1] == '\t')) {
        len--;
    }
    *line = (struct mx_span){s->buf, len};
    return R_NONE;
}
