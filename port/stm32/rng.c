/* SPDX-License-Identifier: BSD-3-Clause */
/* RM0090 24, RM0410 21, RM0433 34. */
#include "rng.h"

#include "base.h"
#include "health.h"
#include "hw.h"
#include "rcc.h"
#include "regs/rng.h"

#include "tinymx/err.h"

#include <stdbool.h>
#include <string.h>

#define CR (RNG_BASE + RNG_CR)
#define SR (RNG_BASE + RNG_SR)
#define DR (RNG_BASE + RNG_DR)

#define SEED (RNG_SR_SECS | RNG_SR_SEIS)
#define CLOCK (RNG_SR_CECS | RNG_SR_CEIS)

#define START_UP 1024
#define TRIES 8
#define PIPELINE 12 /* words behind a seed error; an F4 has one */

/* A word takes 40 cycles of 48 MHz, the first ones of an H7 some more. */
#define SPINS 100000u

static struct {
    bool runs;
    uint8_t discard; /* so many words */
    uint32_t last;   /* that was given out */
    struct health health;
    struct rng_stats stats;
} rng;

/* RNG_SR, when there is a word or an error; 0: nothing came. */
static uint32_t wait(void)
{
    for (uint32_t i = 0; i < SPINS; i++) {
        uint32_t sr = hw_rd(SR);

        if ((sr & (RNG_SR_DRDY | SEED | CLOCK)) != 0) {
            return sr;
        }
    }
    (void)hw_wait("RNG_SR.DRDY", SR, RNG_SR_DRDY, RNG_SR_DRDY, 1);
    return 0;
}

/* --- errors ------------------------------------------------------------------- */

/* Bits are cleared by writing zeros. F4, F7: clear SEIS, then RNGEN off and on.
 * H7: clear SEIS, and discard what was on its way. */
static bool restart(void)
{
    hw_wr(SR, RNG_SR_CEIS);
    hw_clear(CR, RNG_CR_RNGEN);
    hw_set(CR, RNG_CR_RNGEN);
    if (!hw_wait("RNG_SR.SECS", SR, RNG_SR_SECS, 0, SPINS)) {
        return false;
    }
    rng.discard = PIPELINE;
    return true;
}

/* False: the error stays. */
static bool recover(uint32_t sr)
{
    bool over = true;

    if ((sr & CLOCK) != 0) {
        rng.stats.clock_errors++;
        hw_wr(SR, RNG_SR_SEIS);
        over = hw_wait("RNG_SR.CECS", SR, RNG_SR_CECS, 0, SPINS);
    }
    if (over && (sr & SEED) != 0) {
        rng.stats.seed_errors++;
        over = restart();
    }
    return over;
}

/* --- words ---------------------------------------------------------------------- */

/* False: not this word. An error, if it is not 0, came between the two looks and
 * may have spoilt it. */
static bool take(uint32_t *word, uint32_t *sr)
{
    bool fits;

    *word = hw_rd(DR);
    *sr = hw_rd(SR) & (SEED | CLOCK);
    fits = *sr == 0 && rng.discard == 0;
    if (*sr == 0 && rng.discard > 0) {
        rng.discard--;
    }
    return fits;
}

static int next(uint32_t *word)
{
    for (int errors = 0; errors < TRIES;) {
        uint32_t sr = wait();

        if (sr == 0) {
            break; /* nothing came */
        }
        if (sr == RNG_SR_DRDY && take(word, &sr)) {
            return 0;
        }
        if (sr != 0 && !recover(sr)) {
            break;
        }
        errors += sr != 0;
    }
    return MX_EENTROPY;
}

static int tested(uint32_t *word)
{
    int rc = next(word);

    if (rc == 0 && !health_take(&rng.health, *word)) {
        rng.stats.health = 1;
        rng.runs = false;
        rc = MX_EENTROPY;
    }
    rng.stats.words += rc == 0;
    return rc;
}

/* FIPS 140-2 4.9.2, as the manual asks: a word that is the one before once more
 * is not given out. How often that may be, the health test knows. */
static int fresh(uint32_t *word)
{
    uint32_t last = rng.last;
    int rc;

    do {
        rc = tested(word);
    } while (rc == 0 && *word == last);
    rng.last = *word;
    return rc;
}

int rng_start(void)
{
    int rc = 0;

    memset(&rng, 0, sizeof rng);
    rng.discard = PIPELINE;
    rcc_enable(RCC_RNG);
    hw_set(CR, RNG_CR_RNGEN);
    for (int i = 0; i < START_UP && rc == 0; i++) {
        rc = tested(&rng.last);
    }
    rng.runs = rc == 0;
    return rc;
}

int rng_read(void *buf, size_t len)
{
    uint8_t *to = buf;
    uint32_t word = 0;
    int rc = rng.runs ? 0 : MX_EENTROPY;

    for (size_t at = 0; at < len && rc == 0; at += sizeof word) {
        size_t n = len - at < sizeof word ? len - at : sizeof word;

        rc = fresh(&word);
        memcpy(to + at, &word, n);
    }
    if (rc != 0) {
        memset(to, 0, len);
    }
    return rc;
}

const struct rng_stats *rng_stats(void)
{
    return &rng.stats;
}
