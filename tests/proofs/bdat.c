/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The counter of BDAT (smtp/bdat.h).
 *
 * Proven: of a chunk never more is taken or skipped than is left of it, nor
 * than there is; the count goes down by exactly that, and that of the message
 * up; neither wraps, and no message grows beyond max_message. Whatever the host
 * answers, the bytes still to come are not forgotten: commands are read only
 * when the chunk has none left. What is refused inside a chunk is said when it
 * has ended, not before.
 *
 * Bounds: none for the counters: every 32-bit value of the chunk, the message
 * and the limit, every length of input. By induction over calls, so any number
 * of them. Assumed is what is proven of every call: that the message is not
 * beyond its limit, and that a chunk that is taken fits what is left.
 *
 * Real: bdat.c, smtp.c, answers.c, counts.c, and reply.c but for the text of a
 * reply. Stubs: said.c instead of smtp_reply_write(); the loop guard, below,
 * which has a proof of its own, hops.c.
 */
#include "smtp/bdat.h"

#include "proof.h"
#include "said.h"
#include "smtp/counts.h"
#include "smtp/hops.h"
#include "smtp/state.h"

static bool looped;
static struct mx_smtp_config cfg;
static struct mx_smtp s;
static struct mx_smtp old;

struct mx_smtp nondet_smtp(void);
struct mx_smtp_config nondet_config(void);

void smtp_hops_scan(struct mx_smtp *engine, struct mx_span body)
{
    PROVE(body.ptr == engine->body.ptr && body.len == engine->body.len,
          "what is lent is looked at");
    engine->hops = nondet_u8();
    engine->hop_state = nondet_u8();
}

bool smtp_hops_too_many(const struct mx_smtp *engine)
{
    (void)engine;
    return looped;
}

static void be_in(enum smtp_state state, unsigned ask)
{
    cfg = nondet_config();
    s = nondet_smtp();
    s.cfg = &cfg;
    s.state = (uint8_t)state;
    s.ask = (uint8_t)ask;
    s.open = nondet_bool();
    s.last = nondet_bool();
    s.reply = 0;
    s.sent = 0;
    said = R_NONE;
    ASSUME(s.taken <= cfg.max_message);
}

static bool fits(void)
{
    return s.taken <= cfg.max_message && s.chunk <= cfg.max_message - s.taken;
}

static size_t least(size_t len, uint32_t chunk)
{
    return len < chunk ? len : chunk;
}

/* The next bytes of a chunk. */
static void check_take(void)
{
    size_t len = nondet_size();
    char some;
    size_t n;

    be_in(ST_CHUNK, MX_ASK_NONE);
    ASSUME(len > 0 && s.chunk > 0 && fits());
    old = s;
    n = smtp_bdat_take(&s, &some, len);
    PROVE(n == least(len, old.chunk), "all there is of the chunk");
    PROVE(s.chunk == old.chunk - n && s.taken - old.taken == n, "is counted");
    PROVE(s.taken >= old.taken && fits(), "and neither wraps nor exceeds");
    PROVE(s.body.ptr == &some && s.body.len == n, "and is lent");
    PROVE(s.ask == MX_ASK_BODY && s.state == ST_CHUNK, "to the host");
    REACHED(s.chunk == 0 && s.taken == UINT32_MAX);
    REACHED(s.chunk > 0);
}

/* The host's answer, and what follows from it at once. */
static void check_answer(void)
{
    enum mx_answer answer = nondet_u8();
    bool whole;

    looped = nondet_bool();
    be_in(ST_CHUNK, nondet_bool() ? MX_ASK_BODY : ASK_BDAT);
    ASSUME(answer < MX_ANSWERS);
    ASSUME(s.ask != MX_ASK_BODY || fits());
    s.open = true;
    old = s;
    mx_smtp_answer(&s, answer);
    PROVE(s.chunk == old.chunk && s.taken == old.taken, "no byte is forgotten");
    PROVE(s.chunk == 0 || s.state == ST_CHUNK || s.state == ST_CHUNK_SKIP,
          "the chunk goes on while it has bytes");
    PROVE(s.chunk == 0 || said == R_NONE, "and nobody interrupts");
    PROVE(s.state != ST_CHUNK || (s.ask == MX_ASK_NONE && s.chunk > 0 &&
                                  answer == MX_YES && fits()),
          "what will be taken fits");
    PROVE(s.state != ST_CHUNK_SKIP || s.chunk > 0, "what is skipped is there");
    PROVE(answer == MX_YES || !s.open, "the host holds no message any more");
    whole = answer == MX_YES && s.chunk == 0 && s.last;
    PROVE((s.state == ST_END) == (whole && !looped),
          "the message is whole when the last chunk is");
    PROVE(said != R_HOPS || (whole && looped), "a loop is told then");
    PROVE((said == R_CHUNK) == (answer == MX_YES && s.chunk == 0 && !s.last),
          "a chunk is acknowledged when it is whole");
    REACHED(s.state == ST_CHUNK && s.chunk == UINT32_MAX);
    REACHED(answer == MX_YES && s.state == ST_CHUNK_SKIP);
    REACHED(answer == MX_LATER && s.chunk == 0 && said == R_LATER);
    REACHED(s.state == ST_END);
    REACHED(said == R_HOPS && s.ask == MX_ASK_ABORT);
}

/* The bytes of a chunk that was refused. */
static void check_skip(void)
{
    size_t len = nondet_size();
    size_t n;

    be_in(ST_CHUNK_SKIP, MX_ASK_NONE);
    ASSUME(len > 0 && s.chunk > 0);
    ASSUME(s.refusal > R_NONE && s.refusal < R_REPLIES);
    ASSUME(s.after > ST_SAME && s.after < ST_STATES);
    ASSUME(!smtp_state_in(s.after, IN_BYTES));
    old = s;
    n = smtp_bdat_skip(&s, NULL, len);
    PROVE(n == least(len, old.chunk), "all there is of the chunk");
    PROVE(s.chunk == old.chunk - n, "is counted");
    PROVE(s.taken == old.taken, "but not as the message's");
    PROVE((said == R_NONE) == (s.chunk > 0), "the refusal waits for the end");
    if (s.chunk > 0) {
        PROVE(s.state == ST_CHUNK_SKIP && s.ask == MX_ASK_NONE, "on it goes");
    } else {
        PROVE(said == smtp_counts_reply(&old, old.refusal),
              "and is what was kept, or an end of patience");
        PROVE(s.state == (smtp_reply_closes(said) ? ST_CLOSING : old.after),
              "and leads where it was to lead");
    }
    REACHED(s.chunk > 0);
    REACHED(s.chunk == 0 && s.state == ST_HELLO);
    REACHED(said == R_ERROR_MAX && s.state == ST_CLOSING);
}

int main(void)
{
    check_take();
    check_answer();
    check_skip();
    return 0;
}
