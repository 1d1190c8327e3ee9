/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A number in a command (smtp/param.h), the size of a BDAT chunk above all:
 * smtp_word_number().
 *
 * Proven: a word is a number if and only if it is all digits, one at least, and
 * its value fits 32 bits; then that is what it is taken for. Nothing outside
 * the word is read.
 *
 * Bounds: words of up to TAIL bytes, of any value, and the same with 42949672
 * in front: the numbers on both sides of 2 to the 32nd are among these. Nothing
 * is said of other words of more than TAIL bytes.
 *
 * Real: smtp_word_number(). Stubs: none; memchr() is not called.
 */
#include "smtp/param.h"

#include "proof.h"

#ifndef TAIL
#define TAIL 3
#endif
#define HEAD 8

/* What is read stands at the end: beyond it is out of bounds. */
static char text[HEAD + TAIL];

/* The word that starts at text[from], with `value` in the digits of its head. */
static void check(size_t from, uint64_t value)
{
    size_t tail = nondet_size();
    bool good;
    uint32_t n;
    bool found;

    ASSUME(tail <= TAIL);
    good = from < HEAD || tail > 0;
    for (size_t i = 0; i < TAIL; i++) {
        if (i < tail) {
            good = good && text[HEAD + i] >= '0' && text[HEAD + i] <= '9';
            value = value * 10 + (uint64_t)(text[HEAD + i] - '0');
        }
    }
    found =
        smtp_word_number((struct mx_span){text + from, HEAD - from + tail}, &n);
    PROVE(found == (good && value <= UINT32_MAX), "what fits");
    PROVE(!found || n == value, "is taken for what it is");
    REACHED(found && tail > 1);
    REACHED(!found && good);
    REACHED(!good);
}

int main(void)
{
    static const char head[HEAD] = {'4', '2', '9', '4', '9', '6', '7', '2'};

    for (size_t i = 0; i < HEAD + TAIL; i++) {
        text[i] = i < HEAD ? head[i] : nondet_char();
    }
    if (nondet_bool()) {
        check(0, 42949672);
    } else {
        check(HEAD, 0);
    }
    return 0;
}
