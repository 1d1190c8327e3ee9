/* SPDX-License-Identifier: BSD-3-Clause */
/* What rcc_test.c tries on a family: rcc_cases_f4.c, f7, h7. Tables end with a
 * NULL. */
#ifndef TINYMX_TEST_STM32_RCC_CASES_H
#define TINYMX_TEST_STM32_RCC_CASES_H

#include "rcc.h"

/* A plan, on a chip, and what comes of it. */
struct rcc_case {
    const char *chip;
    uint32_t crystal_hz;
    bool bypass;
    const struct rcc_plan *plan;
    struct rcc_clocks clocks, hsi;
    uint32_t rng_hz, rng_hsi_hz;
};
extern const struct rcc_case rcc_cases[];

/* A bit that never comes: the model's name, what hw_missed() says, and whether
 * the plan can be without it. */
struct rcc_missing {
    const char *bit, *said;
    bool dispensable;
};
extern const struct rcc_missing rcc_missing[];

/* What opens with a unit. */
struct rcc_named {
    const char *name;
    enum rcc_unit unit;
    bool no_reset;
};
extern const struct rcc_named rcc_named[];

/* What the manual says of flags after a reset of some kind. */
struct rcc_situation {
    const char *cause;
    uint32_t flags;
};
extern const struct rcc_situation rcc_situations[];
extern const uint32_t rcc_flags_at;

#endif
