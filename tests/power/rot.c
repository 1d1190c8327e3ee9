/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bits turn, pages become unreadable: that costs the message that they were of,
 * and no other; and the spool goes on.
 *
 *     rot [--seed N] [--every N] [GEOMETRY]
 *
 * Each page of a device with messages on it is damaged in each way, and taken
 * back.
 */
#include "inspect.h"
#include "options.h"
#include "platform.h"
#include "story.h"
#include "workload.h"

#include "tinymx/err.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE MX_SPOOL_PAGE

static struct device device;
static struct mx_spool spools[2];
static struct world worlds[2];

enum damage { ONE_BIT, OTHERS, UNREADABLE, DAMAGES };
static const char *const damages[DAMAGES] = {"a bit", "other bytes",
                                             "unreadable"};

static struct {
    unsigned long tried, cost_one, damaged, lost, bad;
} sums;

static void damage(uint32_t page, enum damage how)
{
    struct cells *c = &device.cells;
    uint32_t at = page * PAGE;

    journal_save(&device.journal, c, at, PAGE);
    switch (how) {
    case ONE_BIT:
        at += (uint32_t)chance_below(&device.chance, PAGE);
        c->now[at] ^= (uint8_t)(1u << chance_below(&device.chance, 8));
        break;
    case OTHERS:
        chance_fill(&device.chance, c->now + at, PAGE);
        break;
    case UNREADABLE:
    case DAMAGES:
        memset(c->state + at, BYTE_UNREADABLE, PAGE);
    }
}

/* --- what is left ---------------------------------------------------------- */

/* Is it there, and right? */
static bool is_whole(struct world *w, const struct model_mail *mail)
{
    struct mx_spool_mail found;

    return mx_spool_find(w->spool, mail->number, &found) == 1 &&
           inspect_is(w, mail, &found);
}

/* How many are not what they were. They are no more of this world. Numbers that
 * nobody can read may be given again. */
static unsigned count_hurt(struct world *w)
{
    struct model *m = &w->model;
    unsigned hurt = 0;

    for (unsigned i = 0; i < m->count;) {
        if (is_whole(w, &m->mail[i])) {
            i++;
            continue;
        }
        m->mail[i].wavers = true;
        model_remove(m, &m->mail[i]);
        hurt++;
    }
    m->gone_id = m->gone_number = m->serial = 0;
    return hurt;
}

/* A mark of one that was deleted may be what is damaged: it is there again. */
static unsigned count_ghosts(struct world *w)
{
    struct mx_spool_mail found = {0};
    unsigned ghosts = 0;

    while (mx_spool_next(w->spool, &found) > 0) {
        struct letter letter = {.id = letter_id(found.time_s)};

        if (model_find(&w->model, letter.id) == NULL &&
            model_pending(&w->model, letter.id) == NULL) {
            model_haunt(&w->model, &letter);
            ghosts++;
        }
    }
    return ghosts;
}

static void try_damage(uint32_t page, enum damage how)
{
    struct world *w = &worlds[1];
    struct device_mark mark = device_mark(&device);
    const struct mx_spool_stats *stats;
    unsigned cost, ghosts;

    *w = worlds[0];
    w->spool = &spools[1];
    w->depth = 1;
    letter_shelf(1);
    story_push("page %" PRIu32 ": %s", page, damages[how]);
    damage(page, how);
    world_mount(w);
    stats = mx_spool_stats(w->spool);
    cost = count_hurt(w);
    ghosts = count_ghosts(w);
    if (cost + ghosts > 1) {
        story_end("LOST", "%u messages, and %u came back", cost, ghosts);
    }
    sums.cost_one += cost;
    workload_one_more(w);
    for (int i = 0; i < 20 && mx_spool_poll(w->spool); i++) {
    }
    if (count_hurt(w) > 0) {
        story_end("LOST", "another one, later");
    }
    sums.tried++;
    sums.damaged += stats->damaged > 0;
    sums.lost += stats->lost > 0;
    sums.bad += stats->bad > 0;
    story_pop();
    letter_shelf(0);
    device_go_back(&device, &mark);
}

/* --- all -------------------------------------------------------------------- */

static void broken(struct device *dev, const char *rule)
{
    (void)dev;
    story_end("RULE", "%s", rule);
}

static void fill(const struct geometry *g, uint64_t seed)
{
    struct world *w = &worlds[0];

    memset(w, 0, sizeof *w);
    device_open(&device, g, seed);
    device.broken = broken;
    platform_chance = chance_of(seed, "platform");
    letter_open();
    w->dev = &device;
    w->spool = &spools[0];
    w->chance = chance_of(seed, g->name);
    w->greed = 300;
    world_mount(w);
    for (int i = 0; i < 400 || w->model.count < 8; i++) {
        w->greed = i < 400 ? w->greed : 0;
        workload_step(w);
    }
    workload_rest(w);
    inspect(w);
}

static void run(const struct geometry *g, const struct options *o)
{
    memset(&sums, 0, sizeof sums);
    story_begin(g->name, o->seed);
    fill(g, o->seed);
    for (uint32_t page = 0; page < device_size(&device) / PAGE; page++) {
        for (int how = 0; how < DAMAGES && page % o->every == 0; how++) {
            try_damage(page, (enum damage)how);
        }
    }
    printf("%s: %u messages, %lu damages: %lu cost one, %lu none; reported as "
           "damaged %lu, lost %lu, bad %lu\n",
           g->name, worlds[0].model.count, sums.tried, sums.cost_one,
           sums.tried - sums.cost_one, sums.damaged, sums.lost, sums.bad);
}

int main(int argc, char **argv)
{
    struct options o = {.seed = 1, .every = 1};

    options_read(&o, argc, argv);
    for (const struct geometry *g = geometries; g->name != NULL; g++) {
        if (o.name == NULL || strcmp(o.name, g->name) == 0) {
            run(g, &o);
        }
    }
    return 0;
}
