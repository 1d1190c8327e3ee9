/* SPDX-License-Identifier: BSD-3-Clause */
/* IWDG: RM0090 21.3, RM0410 30.3. PR and RLR are locked; what is written there is
 * taken over by LSI's pace, which it has as soon as the watchdog runs. */
#include "dog.h"

#include "base.h"
#include "model.h"

#include <string.h>

#define LATER 60

enum { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0c };

struct taken {
    const char *name;
    uint32_t now, next;
    unsigned left; /* steps; 0: taken over */
};

static struct {
    bool runs, open;
    struct taken pr, rlr;
    unsigned meals;
    const char *withheld;
} dog;

void dog_withhold(const char *bit)
{
    dog.withheld = bit;
}

bool dog_runs(void)
{
    return dog.runs;
}

uint32_t dog_period_ms(void)
{
    uint32_t divider = 4u << (dog.pr.now > 6 ? 6 : dog.pr.now);

    return (dog.rlr.now + 1) * divider / 32;
}

unsigned dog_meals(void)
{
    return dog.meals;
}

static bool is_never(const struct taken *t)
{
    return dog.withheld != NULL && strcmp(dog.withheld, t->name) == 0;
}

static void take(struct taken *t)
{
    if (dog.runs && t->left > 0 && !is_never(t) && --t->left == 0) {
        t->now = t->next;
    }
}

static void dog_step(void)
{
    take(&dog.pr);
    take(&dog.rlr);
}

static uint32_t dog_rd(uint32_t off)
{
    MODEL_RULE(off == SR, "IWDG is read at 0x%02x", off);
    return (dog.pr.left > 0 ? 1u : 0) | (dog.rlr.left > 0 ? 2u : 0);
}

static void put(struct taken *t, uint32_t value, uint32_t most)
{
    MODEL_RULE(dog.open, "IWDG is written while it is locked");
    MODEL_RULE(t->left == 0, "IWDG is written before %s has gone", t->name);
    MODEL_RULE(value <= most, "IWDG, %s: 0x%x", t->name, value);
    t->next = value;
    t->left = 1 + model_random(LATER);
}

static void key(uint32_t value)
{
    MODEL_RULE(value == 0xaaaa || value == 0x5555 || value == 0xcccc,
               "IWDG_KR: 0x%04x", value);
    dog.open = value == 0x5555;
    dog.runs = dog.runs || value == 0xcccc;
    if (value == 0xaaaa) {
        MODEL_RULE(dog.runs, "IWDG is fed before it runs");
        MODEL_RULE((dog.pr.left == 0 || is_never(&dog.pr)) &&
                       (dog.rlr.left == 0 || is_never(&dog.rlr)),
                   "IWDG is fed before it has its values");
        dog.meals++;
    }
}

static void dog_wr(uint32_t off, uint32_t value)
{
    switch (off) {
    case KR:
        key(value);
        break;
    case PR:
        put(&dog.pr, value, 7);
        break;
    case RLR:
        put(&dog.rlr, value, 0xfff);
        break;
    default:
        model_broken("IWDG, 0x%02x, is not to be written", off);
    }
}

static struct model_unit unit = {.name = "IWDG",
                                 .base = IWDG_BASE,
                                 .size = 0x400,
                                 .rd = dog_rd,
                                 .wr = dog_wr,
                                 .step = dog_step};

void dog_begin(void)
{
    memset(&dog, 0, sizeof dog);
    dog.pr.name = "PVU";
    dog.rlr.name = "RVU";
    dog.rlr.now = 0xfff;
    model_add(&unit);
}
