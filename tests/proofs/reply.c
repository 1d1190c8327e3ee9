/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Replies (smtp/reply.h): smtp_reply_write(), for which said.c stands in
 * elsewhere.
 *
 * Proven, of every reply, whatever the session and its configuration: it fits
 * the buffer, and is not cut; at least a CRLF is ready, at most MX_LINE_MAX
 * bytes, and none of it is sent; nothing outside the buffer is written, and
 * nothing else of the engine changed; of the texts nothing beyond their end is
 * read.
 *
 * Bounds: none but what mx_smtp_init() asserts of our name, 255 bytes.
 *
 * Real: reply.c and fmt.c. Stubs, below: memcpy() copies nothing but has to have
 * room, and strlen() of our name is any; so this is about lengths. What fmt.c
 * writes is proven in the harness of that name. In libc.c: strcspn().
 */
#include "smtp/reply.h"

#include "proof.h"

#include <string.h>

#define NAME 255

static struct mx_smtp_config cfg;
static char name[NAME];
static size_t name_len;
static struct mx_smtp s;

void *memcpy(void *to, const void *from, size_t len)
{
    size_t at = (size_t)((char *)to - s.buf);

    PROVE(__CPROVER_same_object(to, s.buf), "into the engine");
    PROVE(at <= sizeof s.buf && len <= sizeof s.buf - at, "and its buffer");
    PROVE(__CPROVER_r_ok(from, len), "of what is there");
    return to;
}

size_t strlen(const char *str)
{
    size_t len = 0;

    if (str == name) {
        return name_len;
    }
    while (str[len] != '\0') {
        len++;
    }
    return len;
}

/* A reply that is ready, as said.c makes one. */
static void check(enum smtp_reply reply)
{
    s.reply = nondet_u16();
    s.sent = nondet_u16();
    smtp_reply_write(&s, reply);
    PROVE(s.reply >= 2 && s.reply <= MX_LINE_MAX, "as much as there is room");
    PROVE(s.sent == 0, "nothing is sent");
    REACHED(s.reply > 400);
}

/* The one that depends on TLS: four constants are four short proofs. */
static void check_ehlo(void)
{
    for (unsigned i = 0; i < 4; i++) {
        cfg.starttls = (i & 1) != 0;
        s.in_tls = (i & 2) != 0;
        check(R_EHLO);
    }
}

static bool is_same(const void *x, const void *y)
{
    const char *p = x;
    const char *q = y;
    bool same = true;

    for (size_t i = 0; i < offsetof(struct mx_smtp, buf); i++) {
        same = same && p[i] == q[i];
    }
    return same;
}

struct mx_smtp nondet_smtp(void);
struct mx_smtp_config nondet_config(void);

int main(void)
{
    struct mx_smtp old;

    cfg = nondet_config();
    cfg.mx_name = name;
    name_len = nondet_size();
    ASSUME(name_len <= NAME);
    s = nondet_smtp();
    s.cfg = &cfg;
    old = s;
    check_ehlo();
    for (unsigned reply = R_NONE + 1; reply < R_REPLIES; reply++) {
        if (reply != R_EHLO) {
            check((enum smtp_reply)reply);
        }
    }
    s.reply = old.reply;
    s.sent = old.sent;
    s.in_tls = old.in_tls;
    PROVE(is_same(&s, &old), "and nothing else of the engine is touched");
    return 0;
}
