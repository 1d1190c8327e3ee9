/* SPDX-License-Identifier: BSD-3-Clause */
#include "trial.h"

#include "inspect.h"
#include "platform.h"
#include "workload.h"

#include <stdio.h>
#include <string.h>

unsigned long trial_cuts[STORY_DEEP];

static const struct trial_plan *plan;
static struct world *now;
static struct world worlds[STORY_DEEP];
static struct mx_spool spools[STORY_DEEP];

/* How often an operation is tried in worlds that had so many power cuts, in a
 * thousand. */
static const unsigned permille[STORY_DEEP] = {1000, 40, 40, 0};

/* --- what has to hold in such a world ------------------------------------- */

static void survive(struct world *w)
{
    world_mount(w);
    inspect(w);
    if (chance_permille(&w->chance, 200)) {
        world_restart(w);
    }
    workload_one_more(w);
    for (uint64_t n = chance_below(&w->chance, 6); n > 0; n--) {
        workload_step(w);
    }
    workload_rest(w);
    if (chance_permille(&w->chance, 30)) {
        workload_empty(w);
    }
    world_restart(w);
}

/* --- power cuts ----------------------------------------------------------- */

static const char *const kinds[] = {"program", "erase", "sync"};

/* What begins here is decided by where it is, so that it is the same however
 * many were tried before. */
static struct chance chance_here(const struct world *w, enum torn torn,
                                 enum loss loss)
{
    uint64_t here[] = {w->chance.state, w->ops, (uint64_t)torn, (uint64_t)loss};

    return (struct chance){hash_more(HASH_START, here, sizeof here)};
}

static bool leaves_odd(const struct operation *op, enum torn torn)
{
    return op->kind != SYNC && torn >= TORN_NOISE;
}

static void enter(struct world *w)
{
    now = w;
    letter_shelf(w->depth);
}

static void cut(struct world *w, const struct operation *op, enum torn torn,
                enum loss loss)
{
    struct device *dev = w->dev;
    struct device_mark mark = device_mark(dev);
    struct chance platform = platform_chance;
    struct world *child = &worlds[w->depth + 1];

    *child = *w;
    child->depth++;
    child->ops = 0;
    child->spool = &spools[child->depth];
    child->chance = chance_here(w, torn, loss);
    dev->chance = child->chance;
    story_push("cut in operation %u, %s %u + %u: %s, unsynced: %s", w->ops,
               kinds[op->kind], op->at, op->len, torn_names[torn],
               loss_names[loss]);
    trial_cuts[w->depth]++;
    device_outage(dev, op, torn, loss);
    model_cut(&child->model, leaves_odd(op, torn));
    enter(child);
    survive(child);
    enter(w);
    story_pop();
    platform_chance = platform;
    device_go_back(dev, &mark);
}

/* Bytes that waver are tried in commits and marks only. Elsewhere it may be the
 * head of a message on the move: whether the spool then believes in the copy or
 * in the original, either may be what wavers. */
static unsigned ways(const struct world *w)
{
    return w->model.flight == FLIGHT_NONE && plan->ways > TORN_WAVERS
               ? TORN_WAVERS
               : plan->ways;
}

static enum loss some_loss(struct device *dev, struct chance *chance)
{
    return dev->journal.len == dev->synced
               ? LOSS_NONE
               : (enum loss)chance_below(chance, LOSSES);
}

static void cut_all_ways(struct world *w, const struct operation *op)
{
    struct chance chance = chance_here(w, TORN_WAYS, LOSSES);

    for (int torn = 0; op->kind != SYNC && torn < (int)ways(w); torn++) {
        cut(w, op, (enum torn)torn, some_loss(w->dev, &chance));
    }
    for (int loss = 0; op->kind == SYNC && loss < LOSSES; loss++) {
        cut(w, op, TORN_OLD, (enum loss)loss);
    }
}

static void cut_one_way(struct world *w, const struct operation *op)
{
    struct chance chance = chance_here(w, TORN_WAYS, LOSSES);
    enum torn torn = (enum torn)chance_below(&chance, ways(w));

    cut(w, op, torn, some_loss(w->dev, &chance));
}

static void before(struct device *dev, const struct operation *op)
{
    struct world *w = now;
    struct chance chance = chance_here(w, TORN_WAYS, LOSS_NONE);

    (void)dev;
    w->ops++;
    if (w->depth == 0) {
        if (plan->every > 0 && w->ops % plan->every == 0) {
            cut_all_ways(w, op);
        }
    } else if (w->depth < STORY_DEEP - 1 &&
               chance_permille(&chance, permille[w->depth])) {
        cut_one_way(w, op);
    }
}

void trial_begin(struct world *w, const struct trial_plan *p)
{
    plan = p;
    enter(w);
    w->dev->before = before;
}

void trial_end(struct world *w)
{
    w->dev->before = NULL;
}
