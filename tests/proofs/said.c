/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The real smtp/reply.c, but for smtp_reply_write(), which is short here: the
 * buffer holds anything, a reply of any length is ready and none of it sent.
 * The real one promises that and more; the proof in reply.c beside this says so
 * for every reply and every configuration that mx_smtp_init() lets pass. What
 * is proven with this one holds with that one.
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
