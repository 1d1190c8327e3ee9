/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * After a BDAT its n bytes come, whatever we think of it: they are skipped
 * before the reply (smtp_enter() sees to it). Only a size that cannot be read
 * leaves us out of step, so that one closes the connection: what follows is
 * somebody's text and must not be read as commands.
 */
#include "smtp/bdat.h"

#include "smtp/hops.h"
#include "smtp/param.h"
#include "smtp/state.h"

/* chunk-size [SP "LAST"] (RFC 3030 2) */
enum smtp_reply smtp_bdat_parse(struct mx_smtp *s, struct mx_span arg)
{
    struct mx_span size = smtp_word_next(&arg);
    struct mx_span mark = smtp_word_next(&arg);

    s->last = smtp_word_is(mark, "LAST");
    if (!smtp_word_number(size, &s->chunk) || arg.len > 0 ||
        (mark.len > 0 && !s->last)) {
        s->chunk = 0;
        return R_CHUNK_SYNTAX;
    }
    return R_NONE;
}

enum smtp_reply smtp_bdat_stray(struct mx_smtp *s, struct mx_span arg)
{
    enum smtp_reply reply = smtp_bdat_parse(s, arg);

    return reply == R_NONE ? R_SEQUENCE : reply;
}

static size_t count_down(struct mx_smtp *s, size_t len)
{
    size_t n = len < s->chunk ? len : s->chunk;

    s->chunk -= (uint32_t)n;
    return n;
}

size_t smtp_bdat_take(struct mx_smtp *s, const char *in, size_t len)
{
    size_t n = count_down(s, len);

    s->taken += (uint32_t)n;
    s->body = (struct mx_span){in, n};
    smtp_hops_scan(s, s->body);
    smtp_enter(s, R_NONE, MX_ASK_BODY, ST_CHUNK);
    return n;
}

size_t smtp_bdat_skip(struct mx_smtp *s, const char *in, size_t len)
{
    size_t n = count_down(s, len);

    (void)in;
    if (s->chunk == 0) {
        smtp_enter(s, s->refusal, MX_ASK_NONE, s->after);
    }
    return n;
}

static void finish(struct mx_smtp *s)
{
    if (s->last) {
        smtp_finish(s);
    } else {
        smtp_enter(s, R_CHUNK, MX_ASK_NONE, ST_BDAT);
    }
}

void smtp_bdat_settle(struct mx_smtp *s)
{
    if (s->state != ST_CHUNK || s->ask != MX_ASK_NONE) {
        return;
    }
    if (s->chunk > s->cfg->max_message - s->taken) {
        smtp_enter(s, R_TOO_BIG, MX_ASK_NONE, ST_HELLO);
    } else if (s->chunk == 0) {
        finish(s);
    }
}
