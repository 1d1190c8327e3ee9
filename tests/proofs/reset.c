/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine's reset after STARTTLS (tinymx/smtp.h): mx_smtp_init().
 *
 * Proven: from any state whatsoever it yields exactly the state after the
 * banner of a fresh session in clear, plus "in TLS". Exactly: every byte of the
 * struct, padding too. Left out is what a banner that was sent leaves behind:
 * its text in the buffer and its two counters. The buffer is compared as well,
 * with zeros. Nothing waits to be said and nothing is asked. Of TLS the engine
 * knows two things: that it is there, and whether it found fault with the
 * client's certificate. Two sessions that agree in these are the same, byte by
 * byte.
 *
 * Bounds: none. Any bytes before, any configuration that mx_smtp_init() lets
 * pass, with a name of up to NAME bytes, any facts.
 *
 * Real: smtp.c, counts.c, and reply.c but for the text of a reply. Stub: said.c
 * instead of smtp_reply_write(); the text is that of the banner, which is left
 * out.
 */
#include <string.h>

#include "proof.h"
#include "said.h"
#include "smtp/state.h"

#define NAME 3

static struct mx_smtp_config cfg;
static char name[NAME + 1];
static struct mx_smtp fresh;
static struct mx_smtp s;

struct mx_smtp nondet_smtp(void);
struct mx_smtp_config nondet_config(void);
struct mx_tls_facts nondet_facts(void);

/* A session in clear in memory that was never used, its banner sent. */
static void begin_fresh(void)
{
    size_t len;

    mx_smtp_init(&fresh, &cfg, NULL, true);
    PROVE(said == R_GREETING, "a session in clear starts with the banner");
    PROVE(mx_smtp_out_buf(&fresh, &len) == fresh.buf && len > 0, "to be sent");
    mx_smtp_out_ack(&fresh, len);
    PROVE(mx_smtp_out_buf(&fresh, &len) == NULL && len == 0, "and all sent");
}

/* The banner's traces, and what TLS adds. */
static void expect_tls(const struct mx_tls_facts *facts)
{
    memset(fresh.buf, 0, sizeof fresh.buf);
    fresh.reply = 0;
    fresh.sent = 0;
    fresh.in_tls = true;
    fresh.denied = facts->client != NULL;
}

static bool is_same(const void *x, const void *y)
{
    const char *p = x;
    const char *q = y;
    bool same = true;

    for (size_t i = 0; i < sizeof(struct mx_smtp); i++) {
        same = same && p[i] == q[i];
    }
    return same;
}

int main(void)
{
    struct mx_tls_facts facts = nondet_facts();
    size_t len;

    cfg = nondet_config();
    cfg.mx_name = name;
    __CPROVER_havoc_object(name);
    name[NAME] = '\0';
    ASSUME(cfg.max_message > 0 && cfg.max_rcpt > 0);
    ASSUME(cfg.max_unknown <= UINT8_MAX / 2);
    begin_fresh();
    expect_tls(&facts);

    __CPROVER_havoc_object(&s);
    REACHED(s.state == ST_AIRLOCK && s.mails == 7 && s.helo[5] == 'x');
    REACHED(s.hold == HOLD_SLOW && s.unknown == 9 && s.errors == 3);
    said = R_NONE;
    mx_smtp_init(&s, &cfg, &facts, false);
    PROVE(said == R_NONE, "no second banner");
    PROVE(is_same(&s, &fresh), "the state after the banner, plus TLS");
    PROVE(mx_smtp_out_buf(&s, &len) == NULL && len == 0, "nothing to say");
    PROVE(mx_smtp_ask(&s) == MX_ASK_NONE, "nothing is asked");
    PROVE(!mx_smtp_in_body(&s) && !mx_smtp_in_transaction(&s), "no message");
    PROVE(mx_smtp_helo(&s)[0] == '\0', "and nobody has said hello");
    REACHED(facts.resumed && !cfg.starttls);
    REACHED(s.denied);
    REACHED(!s.denied);
    return 0;
}
