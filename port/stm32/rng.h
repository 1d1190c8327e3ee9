/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The generator: analog noise, checked by the chip (seed and clock errors) and
 * by us (NIST SP 800-90B 4.4: repetition count and adaptive proportion, over
 * every word). What it gives is input to mbedTLS's entropy pool, not a key.
 */
#ifndef TINYMX_STM32_RNG_H
#define TINYMX_STM32_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Its 48 MHz are there. Opens its gate, starts it, and runs the start-up test over
 * the first 1024 words, which nobody gets. 0, or MX_EENTROPY. */
int rng_start(void);

/* 0, or MX_EENTROPY: it did not start, a test has failed, or nothing came; then
 * `buf` is all zeros. From a seed or clock error it recovers as the reference
 * manual says, a bounded number of times a word. A failed health test is for
 * good. */
int rng_read(void *buf, size_t len);

struct rng_stats {
    uint32_t words;        /* that were tested */
    uint32_t seed_errors;  /* so often it was begun anew with */
    uint32_t clock_errors; /* so often its clock was too slow */
    uint32_t health;       /* health tests that failed: 0 or 1 */
};
const struct rng_stats *rng_stats(void);

#endif
