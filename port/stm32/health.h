/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Health tests of a source of noise, NIST SP 800-90B 4.4, over words of 32 bits.
 *
 * What is claimed of the source is little: half a bit of entropy in each bit, so
 * 16 in a word. A source that has that fails a test once in 2^30 samples. One that
 * is stuck, that repeats itself within 128 words, or of whose bits 80 % are
 * alike, fails soon; what is worse than good in a finer way is not seen.
 */
#ifndef TINYMX_STM32_HEALTH_H
#define TINYMX_STM32_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

/* Cutoffs for alpha = 2^-30. */
#define HEALTH_REPEATS 3 /* 4.4.1, words: 1 + 30 / 16 */
#define HEALTH_BITS 1024 /* 4.4.2, bits: a window of them, and so many alike: */
#define HEALTH_BITS_MOST 810
#define HEALTH_WORDS 512 /* 4.4.2, words */
#define HEALTH_WORDS_MOST 4

struct health {
    uint32_t last;
    uint16_t repeats;
    uint16_t bits, bits_alike; /* of the window so far, */
    bool bit;                  /* which began with this one */
    uint16_t words, words_alike;
    uint32_t word;
};

/* All zero to begin with. False: a test has failed with this word. */
bool health_take(struct health *h, uint32_t word);

#endif
