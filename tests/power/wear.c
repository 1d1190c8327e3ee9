/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Wear is even, also under a message that never goes away: after many laps no
 * segment was opened more than a few times more often than another.
 *
 *     wear [--seed N] [--ops LAPS] [GEOMETRY]
 */
#include "inspect.h"
#include "options.h"
#include "platform.h"
#include "story.h"
#include "workload.h"

#include <stdio.h>
#include <string.h>

/* Between the segment that was opened most often and the one least. The log is
 * a ring, so one lap would be 1; a mount opens a segment anew. */
#define BOUND 2

static struct device device;
static struct mx_spool spool;
static struct world world;

static void broken(struct device *dev, const char *rule)
{
    (void)dev;
    story_end("RULE", "%s", rule);
}

struct wear {
    uint32_t least, most;
    unsigned segments;
};

/* A segment's first block is erased, or its label written, when it is opened. */
static struct wear measure(const struct geometry *g)
{
    uint32_t step = spool.segment_pages * MX_SPOOL_PAGE / g->block.block_size;
    struct wear w = {.least = UINT32_MAX, .segments = spool.segments};

    for (uint32_t i = 0; i < spool.segments; i++) {
        uint32_t wear = device.wear[i * step];

        w.least = wear < w.least ? wear : w.least;
        w.most = wear > w.most ? wear : w.most;
    }
    return w;
}

/* One more comes; the oldest goes but for the very first. */
static void turn(struct world *w)
{
    struct letter letter =
        world_letter(w, (uint32_t)chance_below(&w->chance, 3000));

    if (world_deliver(w, &letter) != 0 || w->model.count > 6) {
        world_delete(w, &w->model.mail[1]);
    }
    if (chance_permille(&w->chance, 500)) {
        world_poll(w);
    }
}

static void run(const struct geometry *g, const struct options *o)
{
    struct wear wear = {0};

    story_begin(g->name, o->seed);
    memset(&world, 0, sizeof world);
    memset(&world_stats, 0, sizeof world_stats);
    device_open(&device, g, o->seed);
    device.broken = broken;
    platform_chance = chance_of(o->seed, "platform");
    letter_open();
    world.dev = &device;
    world.spool = &spool;
    world.chance = chance_of(o->seed, g->name);
    world_mount(&world);
    world_lock(&world, true); /* nothing is dropped */
    while (wear.least < o->ops) {
        turn(&world);
        wear = measure(g);
        if (wear.most > wear.least + BOUND) {
            story_end("WEAR", "one segment %u times, another %u", wear.most,
                      wear.least);
        }
    }
    inspect(&world);
    if (world.model.mail[0].letter.id != 1) {
        story_end("LOST", "the very first message");
    }
    printf("%s: %u segments, opened %u to %u times; %lu messages\n", g->name,
           wear.segments, wear.least, wear.most, world_stats.delivered);
}

int main(int argc, char **argv)
{
    struct options o = {.seed = 1, .ops = 40};

    options_read(&o, argc, argv);
    for (const struct geometry *g = geometries; g->name != NULL; g++) {
        if (o.name == NULL || strcmp(o.name, g->name) == 0) {
            run(g, &o);
        }
    }
    return 0;
}
