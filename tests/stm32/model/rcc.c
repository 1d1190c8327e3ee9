/* SPDX-License-Identifier: BSD-3-Clause */
/* What is the same in every RCC: gates and resets. */
#include "rcc_parts.h"

#include "base.h"
#include "model.h"

#include <string.h>

#define GATES 40
#define LATER 40 /* steps, at most */

static struct {
    bool open[GATES], read_back[GATES], held[GATES];
    const char *withheld;
    uint32_t crystal_hz;
    bool bypass;
} rcc;

/* --- what comes later --------------------------------------------------------- */

bool soon_never(const char *name)
{
    return rcc.withheld != NULL && strcmp(rcc.withheld, name) == 0;
}

void soon_want(struct soon *s, bool wanted)
{
    if (wanted && !s->wanted) {
        s->left = 1 + model_random(LATER);
    }
    s->wanted = wanted;
    s->come = s->come && wanted;
}

void soon_step(struct soon *s)
{
    if (s->wanted && !s->come && !soon_never(s->name)) {
        s->come = --s->left == 0;
    }
}

/* --- gates -------------------------------------------------------------------- */

static size_t gate(const char *name)
{
    size_t i = 0;

    while (gates[i].name != NULL && strcmp(gates[i].name, name) != 0) {
        i++;
    }
    if (gates[i].name == NULL) {
        model_broken("RCC has no gate for %s", name);
    }
    return i;
}

bool model_clock_runs(const char *name)
{
    size_t i = gate(name);

    return rcc.open[i] && rcc.read_back[i];
}

bool model_in_reset(const char *name)
{
    return rcc.held[gate(name)];
}

void clock_needed(const char *unit)
{
    size_t i = gate(unit);

    MODEL_RULE(rcc.open[i], "%s: its gate is closed", unit);
    MODEL_RULE(rcc.read_back[i], "%s: its gate was not read back", unit);
    MODEL_RULE(!rcc.held[i], "%s: it is held in reset", unit);
}

const char *gates_open_but(const char *name)
{
    for (size_t i = 0; gates[i].name != NULL; i++) {
        if (rcc.open[i] && !gates[i].open && strcmp(gates[i].name, name) != 0) {
            return gates[i].name;
        }
    }
    return NULL;
}

void must_stay(const char *reg, uint32_t old, uint32_t value, uint32_t mask)
{
    MODEL_RULE(((old ^ value) & mask) == 0, "%s: 0x%08x, was 0x%08x", reg,
               value, old);
}

/* Does a register of gates or resets begin here, and what is in it? */
static bool read_gates(uint32_t off, uint32_t *value)
{
    bool found = false;

    *value = 0;
    for (size_t i = 0; gates[i].name != NULL; i++) {
        if (gates[i].enable == off) {
            found = true;
            rcc.read_back[i] = true;
            *value |= rcc.open[i] ? BIT(gates[i].enable_bit) : 0;
        } else if (gates[i].reset == off && off != 0) {
            found = true;
            *value |= rcc.held[i] ? BIT(gates[i].reset_bit) : 0;
        }
    }
    return found;
}

static bool write_gates(uint32_t off, uint32_t value)
{
    bool found = false;
    uint32_t known = 0;

    for (size_t i = 0; gates[i].name != NULL; i++) {
        const struct gate *g = &gates[i];

        if (g->enable == off) {
            bool open = (value & BIT(g->enable_bit)) != 0;

            found = true;
            known |= BIT(g->enable_bit);
            MODEL_RULE(open || !g->open, "%s: its gate is closed", g->name);
            rcc.read_back[i] = rcc.read_back[i] && open && rcc.open[i];
            rcc.open[i] = open;
        } else if (g->reset == off && off != 0) {
            found = true;
            known |= BIT(g->reset_bit);
            rcc.held[i] = (value & BIT(g->reset_bit)) != 0;
        }
    }
    MODEL_RULE(!found || (value & ~known) == 0,
               "RCC, 0x%02x: 0x%08x, of which it is to have 0x%08x", off, value,
               known);
    return found;
}

/* --- the unit --------------------------------------------------------------- */

static uint32_t rcc_rd(uint32_t off)
{
    uint32_t value;

    return read_gates(off, &value) ? value : tree_rd(off);
}

static void rcc_wr(uint32_t off, uint32_t value)
{
    if (!write_gates(off, value)) {
        tree_wr(off, value);
    }
}

static struct model_unit unit = {
    .name = "RCC",
    .base = RCC_BASE,
    .size = 0x400,
    .rd = rcc_rd,
    .wr = rcc_wr,
    .step = tree_step,
};

void clock_begin(const char *chip)
{
    memset(&rcc, 0, sizeof rcc);
    clock_crystal(8 * MHZ, true);
    for (size_t i = 0; gates[i].name != NULL; i++) {
        rcc.open[i] = gates[i].open;
        rcc.read_back[i] = gates[i].open;
    }
    model_add(&unit);
    tree_begin(chip);
}

void clock_crystal(uint32_t hz, bool bypass)
{
    rcc.crystal_hz = hz;
    rcc.bypass = bypass;
}

uint32_t crystal_hz(void)
{
    return rcc.crystal_hz;
}

bool crystal_bypass(void)
{
    return rcc.bypass;
}

void clock_withhold(const char *bit)
{
    rcc.withheld = bit;
}

void clock_flags(uint32_t flags)
{
    tree_flags(flags);
}
