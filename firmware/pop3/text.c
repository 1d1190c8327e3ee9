/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's bytes are put a little above the buffer's start, and moved down to
 * it, dots doubled on the way. When there are so many dots that what is written
 * would overtake what is read, it stops: the host is asked for the rest again.
 */
#include "pop3/text.h"

#include "pop3/reply.h"

#include <string.h>

/* What dots may add before a piece is cut off, */
#define GAP 16
/* and what may come behind it. */
#define END                                                                    \
    sizeof("."                                                                 \
           "\r\n")

void pop3_text_begin(struct mx_pop3 *s)
{
    s->offset = 0;
    s->in_body = false;
    s->in_line = false;
    s->blank = true;
}

void *pop3_text_room(struct mx_pop3 *s, size_t *len)
{
    *len = sizeof s->buf - GAP - END;
    return s->buf + GAP;
}

/* A line has ended. True: it is the last one wanted. */
static bool line_ended(struct mx_pop3 *s)
{
    if (s->in_body) {
        s->lines -= s->top;
    } else if (s->blank) {
        s->in_body = true;
    }
    s->in_line = false;
    s->blank = true;
    return s->top && s->in_body && s->lines == 0;
}

bool pop3_text_fill(struct mx_pop3 *s, size_t len)
{
    size_t from = GAP;
    size_t to = 0;
    bool last = false;

    while (from < GAP + len && !last) {
        char c = s->buf[from];
        bool stuff = c == '.' && !s->in_line;

        if (to + stuff > from) {
            break;
        }
        if (stuff) {
            s->buf[to++] = '.';
        }
        s->buf[to++] = c;
        from++;
        s->in_line = true;
        s->blank = s->blank && (c == '\r' || c == '\n');
        last = c == '\n' && line_ended(s);
    }
    s->offset += (uint32_t)(from - GAP);
    s->said = (uint16_t)to;
    return last;
}

void pop3_text_end(struct mx_pop3 *s)
{
    if (s->in_line) {
        memcpy(s->buf + s->said, "\r\n", 2);
        s->said = (uint16_t)(s->said + 2);
    }
    pop3_reply_say(s, R_END);
}
