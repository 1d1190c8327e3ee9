/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The random number generator (RM0090 24, RM0410 21, RM0433 34): a word some
 * steps after the last one was read, errors, and sources that are none.
 *
 *     model_begin(seed), clock_begin("f429"), noise_begin(NOISE_GOOD)
 */
#ifndef TINYMX_TEST_STM32_NOISE_H
#define TINYMX_TEST_STM32_NOISE_H

#include <stdbool.h>
#include <stdint.h>

enum noise {
    NOISE_GOOD,
    NOISE_STUCK, /* always the same word */
    NOISE_ZERO,
    NOISE_BIASED,    /* seven of eight bits are ones */
    NOISE_REPEATING, /* a hundred words, again and again */
    NOISES,
    NOISE_TWICE = NOISES /* each word comes two times, which chance may do */
};

void noise_begin(enum noise noise);

/* From now on: of so many words one is a seed error, or a clock error, which are
 * over after a moment; 0: none. */
void noise_seed_errors(unsigned one_in);
void noise_clock_errors(unsigned one_in);

/* Never any more: a word; a clock; a seed. */
void noise_silent(void);
void noise_no_clock(void);
void noise_no_seed(void);

/* The source is another one now. */
void noise_becomes(enum noise noise);

/* Was this word given out while nothing was wrong? */
bool noise_gave(uint32_t word);

#endif
