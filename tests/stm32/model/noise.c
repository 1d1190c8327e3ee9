/* SPDX-License-Identifier: BSD-3-Clause */
#include "noise.h"

#include "clock.h"
#include "model.h"

#include "base.h"

#include <string.h>

#define RNGEN 4u
#define DRDY 1u
#define CECS 2u
#define SECS 4u
#define CEIS 0x20u
#define SEIS 0x40u
#define KEPT 4096
#define CYCLE 100

static struct {
    enum noise noise;
    uint32_t cr, sr, dr;
    unsigned left; /* steps to the next word; 0: none is made */
    unsigned seed_one_in, clock_one_in;
    bool silent, no_clock, no_seed;
    bool doubtful; /* until RNGEN was off and on behind a seed error */
    bool first;    /* since RNGEN */
    uint32_t made, stuck, cycle[CYCLE];
    uint32_t kept[KEPT];
    unsigned gave;
} rng;

/* --- the source ----------------------------------------------------------------- */

static uint32_t any(void)
{
    return model_random(0x10000) << 16 | model_random(0x10000);
}

static uint32_t biased(void)
{
    return any() | any() | any();
}

static uint32_t sample(void)
{
    switch (rng.noise) {
    case NOISE_STUCK:
        return rng.stuck;
    case NOISE_ZERO:
        return 0;
    case NOISE_BIASED:
        return biased();
    case NOISE_TWICE:
        return rng.made % 2 == 1 ? rng.dr : any();
    case NOISE_REPEATING:
        return rng.cycle[rng.made % CYCLE];
    default:
        return any();
    }
}

static void begin_word(void)
{
    rng.left = 1 + model_random(6);
}

static bool error(unsigned one_in)
{
    return one_in > 0 && model_chance(one_in);
}

/* What is wrong now (CECS, SECS) ends by itself; that it was (CEIS, SEIS) stays
 * until it is cleared. */
static void finish_word(void)
{
    if (rng.no_clock || error(rng.clock_one_in)) {
        rng.sr |= CECS | CEIS;
    } else if (rng.no_seed || error(rng.seed_one_in)) {
        rng.sr |= SECS | SEIS | (model_chance(2) ? DRDY : 0);
        rng.doubtful = true;
    } else {
        rng.dr = sample();
        rng.made++;
        rng.sr |= rng.silent ? 0 : DRDY;
    }
}

static void step(void)
{
    if (!rng.no_clock && model_chance(3)) {
        rng.sr &= ~CECS;
    }
    if (!rng.no_seed && model_chance(3)) {
        rng.sr &= ~SECS;
    }
    if ((rng.sr & DRDY) != 0 && error(4 * rng.seed_one_in)) {
        rng.sr |= SECS | SEIS; /* behind the driver's look */
        rng.doubtful = true;
    }
    if ((rng.cr & RNGEN) != 0 && (rng.sr & (DRDY | CECS | SECS)) == 0) {
        if (rng.left == 0) {
            begin_word();
        } else if (--rng.left == 0) {
            finish_word();
        }
    }
}

/* --- registers ---------------------------------------------------------------------- */

static uint32_t data(void)
{
    MODEL_RULE((rng.sr & DRDY) != 0, "RNG_DR is read and DRDY is 0");
    rng.sr &= ~DRDY;
    if (!rng.doubtful && !rng.first) {
        rng.kept[rng.gave++ % KEPT] = rng.dr;
    }
    rng.first = false;
    return rng.dr;
}

static uint32_t rd(uint32_t off)
{
    clock_needed("RNG");
    switch (off) {
    case 0:
        return rng.cr;
    case 4:
        return rng.sr;
    case 8:
        return data();
    }
    model_broken("RNG: register 0x%02x is read", off);
}

static void control(uint32_t value)
{
    MODEL_RULE((value & ~RNGEN) == 0, "RNG_CR becomes 0x%08x", value);
    if ((rng.cr & RNGEN) == 0 && (value & RNGEN) != 0) {
        rng.doubtful = rng.doubtful && (rng.sr & SEIS) != 0;
        rng.first = true;
        rng.sr &= ~DRDY;
        rng.left = 0;
    }
    rng.cr = value;
}

static void wr(uint32_t off, uint32_t value)
{
    clock_needed("RNG");
    switch (off) {
    case 0:
        control(value);
        return;
    case 4: /* rc_w0 */
        MODEL_RULE((value & ~(CEIS | SEIS)) == 0, "RNG_SR: 0x%08x", value);
        rng.sr &= value | ~(CEIS | SEIS);
        return;
    }
    model_broken("RNG: register 0x%02x is written", off);
}

static struct model_unit unit = {.name = "RNG",
                                 .base = RNG_BASE,
                                 .size = 0x400,
                                 .rd = rd,
                                 .wr = wr,
                                 .step = step};

/* --- what a test says ----------------------------------------------------------------- */

void noise_begin(enum noise noise)
{
    memset(&rng, 0, sizeof rng);
    rng.noise = noise;
    rng.stuck = any();
    for (int i = 0; i < CYCLE; i++) {
        rng.cycle[i] = any();
    }
    model_add(&unit);
}

void noise_seed_errors(unsigned one_in)
{
    rng.seed_one_in = one_in;
}

void noise_clock_errors(unsigned one_in)
{
    rng.clock_one_in = one_in;
}

void noise_silent(void)
{
    rng.silent = true;
}

void noise_no_clock(void)
{
    rng.no_clock = true;
}

void noise_no_seed(void)
{
    rng.no_seed = true;
}

void noise_becomes(enum noise noise)
{
    rng.noise = noise;
}

bool noise_gave(uint32_t word)
{
    for (unsigned i = 0; i < KEPT && i < rng.gave; i++) {
        if (rng.kept[i] == word) {
            return true;
        }
    }
    return false;
}
