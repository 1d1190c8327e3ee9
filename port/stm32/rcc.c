/* SPDX-License-Identifier: BSD-3-Clause */
/* What is the same in every RCC: the way up or back, gates, resets. */
#include "rcc.h"

#include "base.h"
#include "hw.h"
#include "rcc_tree.h"

#include <stddef.h>

void rcc_start(const struct rcc_plan *plan, struct rcc_clocks *clocks)
{
    clocks->hsi = !rcc_climb(plan);
    if (clocks->hsi) {
        rcc_return(plan, clocks);
    } else {
        rcc_reckon(plan, clocks);
    }
}

uint32_t rcc_divider(uint8_t by, uint32_t half)
{
    uint32_t field = by == 1 ? 0 : half;

    for (; by > 2; by = (uint8_t)(by / 2)) {
        field++;
    }
    return field;
}

/* Errata: a clock runs some cycles after its gate was opened; to read that back
 * takes as long. */
void rcc_enable(enum rcc_unit unit)
{
    const struct rcc_gate *g = &rcc_gates[unit];

    if (g->enable != 0) {
        hw_set(RCC_BASE + g->enable_reg, g->enable);
        (void)hw_rd(RCC_BASE + g->enable_reg);
    }
}

void rcc_hold(enum rcc_unit unit)
{
    const struct rcc_gate *g = &rcc_gates[unit];

    if (g->reset != 0) {
        hw_set(RCC_BASE + g->reset_reg, g->reset);
    }
}

void rcc_release(enum rcc_unit unit)
{
    const struct rcc_gate *g = &rcc_gates[unit];

    if (g->reset != 0) {
        hw_clear(RCC_BASE + g->reset_reg, g->reset);
    }
}

const char *rcc_cause_of(uint32_t flags)
{
    const struct rcc_cause *c = rcc_causes;

    while (c->name != NULL && (flags & c->flag) == 0) {
        c++;
    }
    return c->name != NULL ? c->name : "unknown";
}

const char *rcc_reset_cause(void)
{
    static const char *cause;

    if (cause == NULL) {
        cause = rcc_cause_of(hw_rd(RCC_BASE + rcc_cause_reg));
        hw_set(RCC_BASE + rcc_cause_reg, rcc_cause_clear);
    }
    return cause;
}
