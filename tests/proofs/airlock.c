/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Between the 220 to STARTTLS and the reset (tinymx/smtp.h): the airlock.
 *
 * Proven: YES to MX_ASK_STARTTLS leads there from any state in which it can be
 * asked, and says 220. There, whatever the state is otherwise, push() takes no
 * byte, before the 220 is sent, while, and after; nothing is asked; the only
 * way on but the reset is mx_smtp_end(), which closes without another word.
 *
 * Bounds: none. Any state of the engine, any input of up to INPUT bytes.
 *
 * Real: smtp.c, answers.c, counts.c, and reply.c but for the text of a reply;
 * bdat.c and hops.c, for the faults. Stubs: said.c instead of
 * smtp_reply_write(); memchr(), in libc.c.
 */
#include "proof.h"
#include "said.h"
#include "smtp/state.h"

#define INPUT 3

static struct mx_smtp_config cfg;
static struct mx_smtp s;
static char in[INPUT];

struct mx_smtp nondet_smtp(void);
struct mx_smtp_config nondet_config(void);

/* Any state in which the host may answer MX_ASK_STARTTLS. */
static void be_asking(void)
{
    s = nondet_smtp();
    s.cfg = &cfg;
    s.ask = MX_ASK_STARTTLS;
    s.state = nondet_bool() ? ST_GREETED : ST_HELLO;
    s.open = false;
    s.chunk = 0;
    s.sent = s.reply;
    ASSUME(s.reply <= MX_LINE_MAX);
}

static void check_deaf(void)
{
    struct mx_smtp old = s;
    size_t len = nondet_size();

    ASSUME(len <= INPUT);
    __CPROVER_havoc_object(in);
    PROVE(mx_smtp_push(&s, in, len) == 0, "not a byte is taken");
    PROVE(s.state == ST_AIRLOCK && s.ask == old.ask && s.fill == old.fill,
          "and nothing comes of it");
    PROVE(mx_smtp_ask(&s) == MX_ASK_NONE, "nothing is asked");
    REACHED(len == INPUT);
}

int main(void)
{
    enum mx_why why = nondet_u8();
    size_t len;

    cfg = nondet_config();
    be_asking();
    mx_smtp_answer(&s, MX_YES);
    PROVE(said == R_TLS, "220");
    check_deaf();
    (void)mx_smtp_out_buf(&s, &len);
    if (nondet_bool()) {
        len = nondet_size();
        ASSUME(len <= (size_t)s.reply - s.sent);
    }
    mx_smtp_out_ack(&s, len);
    check_deaf();
    REACHED(s.sent > 0 && s.sent < s.reply);
    REACHED(s.sent == s.reply);
    said = R_NONE;
    ASSUME(why <= MX_WHY_HANDSHAKES);
    mx_smtp_end(&s, why);
    PROVE(said == R_NONE && s.state == ST_CLOSING, "no other word in clear");
    PROVE(mx_smtp_push(&s, in, INPUT) == 0, "and still no byte");
    return 0;
}
