/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * reply.c with a short smtp_reply_write(): the buffer holds anything, a reply
 * of any length is ready and none of it sent. That is less than reply.c proves
 * of the real one, so what is proven with this one holds with that one.
 * Everything else is the real reply.c.
 */
#define smtp_reply_write smtp_reply_write_in_full
#include "smtp/reply.c"
#undef smtp_reply_write

#include "said.h"

enum smtp_reply said;

void smtp_reply_write(struct mx_smtp *s, enum smtp_reply reply)
{
    PROVE(reply > R_NONE && reply < R_REPLIES, "a reply that there is");
    said = reply;
    __CPROVER_havoc_slice(s->buf, sizeof s->buf);
    s->reply = nondet_u16();
    ASSUME(s->reply > 0 && s->reply <= MX_LINE_MAX);
    s->sent = 0;
}
