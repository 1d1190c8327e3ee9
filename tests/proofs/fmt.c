/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bounded formatting (util/fmt.h), in which replies and log lines are made.
 *
 * Proven: whatever is appended, in whatever order, nothing is written beyond
 * the buffer, what is in it ends with a NUL, and `cut` is set if and only if
 * something did not fit. What fits is there to the byte. A number is written
 * without overflow, for every value.
 *
 * Bounds: buffers of 1 to ROOM bytes, filled up to anywhere; texts of up to
 * TEXT bytes of any value; one call: by induction over calls, so any number of
 * them.
 *
 * Real: fmt_bytes() and fmt_pad(); the others write by calling these. Stubs:
 * none; memcpy() is CBMC's own.
 */
#include "util/fmt.h"

#include "proof.h"

#ifndef ROOM
#define ROOM 6
#endif
#define TEXT 3

static char buf[ROOM];
static char text[TEXT];

static void append(struct fmt *f, size_t len)
{
    if (nondet_bool()) {
        fmt_bytes(f, text + TEXT - len, len);
    } else {
        fmt_pad(f, nondet_u32(), nondet_u8());
    }
}

/* Any buffer that a call before may have left. */
static struct fmt any_fmt(void)
{
    struct fmt f = {buf, nondet_size(), nondet_size(), nondet_bool()};

    ASSUME(f.cap > 0 && f.cap <= ROOM && f.len < f.cap);
    f.buf += ROOM - f.cap;
    __CPROVER_havoc_object(buf);
    f.buf[f.len] = '\0';
    return f;
}

static void check(const struct fmt *f, const struct fmt *old)
{
    PROVE(f->buf == old->buf && f->cap == old->cap, "the same buffer");
    PROVE(f->len >= old->len && f->len < f->cap, "and within it");
    PROVE(f->buf[f->len] == '\0', "ended");
    PROVE(!old->cut || f->cut, "what was cut stays so");
    PROVE(!f->cut || old->cut || f->len == f->cap - 1, "cut is full");
    REACHED(f->cut && !old->cut);
    REACHED(!f->cut && f->len > old->len);
}

static void check_bytes(size_t len)
{
    struct fmt old = any_fmt();
    struct fmt f = old;
    size_t k = nondet_size();

    fmt_bytes(&f, text + TEXT - len, len);
    PROVE(f.cut == (old.cut || len >= old.cap - old.len), "cut is not fitting");
    if (k < f.len - old.len) {
        PROVE(f.buf[old.len + k] == text[TEXT - len + k], "to the byte");
    }
}

int main(void)
{
    size_t len = nondet_size();
    struct fmt old = any_fmt();
    struct fmt f = old;

    __CPROVER_havoc_object(text);
    ASSUME(len <= TEXT);
    append(&f, len);
    check(&f, &old);
    check_bytes(len);
    return 0;
}
