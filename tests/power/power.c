/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The plug is pulled after every operation of a device with a spool on it, and
 * what is there then is what was promised.
 */
#include "inspect.h"
#include "options.h"
#include "platform.h"
#include "trial.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct options options = {
    .seed = 1, .ops = 400, .every = 1, .ways = TORN_WAYS};

static struct device device;
static struct mx_spool spool;
static struct world world;

/* --- a geometry ----------------------------------------------------------- */

static void broken(struct device *dev, const char *rule)
{
    (void)dev;
    story_end("RULE", "%s", rule);
}

static unsigned long all_cuts(void)
{
    unsigned long all = 0;

    for (int i = 0; i < STORY_DEEP; i++) {
        all += trial_cuts[i];
    }
    return all;
}

static void print(const struct geometry *g, const struct world_stats *s)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < g->block.block_count; i++) {
        most = device.wear[i] > most ? device.wear[i] : most;
    }
    printf("%s: %lu cuts (", g->name, all_cuts());
    for (int i = 0; i < STORY_DEEP - 1; i++) {
        printf(i == 0 ? "%lu" : ", %lu", trial_cuts[i]);
    }
    printf(" deep), in %u operations; %" PRIu32 " laps; mounts %lu, delivered "
           "%lu, refused %lu, aborted %lu, dropped %lu, seen %lu, deleted %lu, "
           "again %lu\n",
           world.ops, most, s->mounts, s->delivered, s->refused, s->aborted,
           s->dropped, s->seen, s->deleted, s->again);
    fflush(stdout);
}

/* From the blank device on. */
static void begin(const struct geometry *g)
{
    memset(&world, 0, sizeof world);
    memset(&world_stats, 0, sizeof world_stats);
    memset(trial_cuts, 0, sizeof trial_cuts);
    device_open(&device, g, options.seed);
    device.broken = broken;
    platform_chance = chance_of(options.seed, "platform");
    letter_open();
    world.dev = &device;
    world.spool = &spool;
    world.chance = chance_of(options.seed, g->name);
    world.greed = 300;
    world.model.hurt = options.fail + options.bad > 0;
}

static unsigned long run(const struct geometry *g)
{
    struct trial_plan plan = {options.every, options.ways};

    story_begin(g->name, options.seed);
    begin(g);
    device.fail_ways = TORN_WAVERS; /* it is not told when one fails */
    for (uint32_t i = 0; i < options.bad; i++) {
        device.bad[chance_below(&device.chance, g->block.block_count)] = true;
    }
    trial_begin(&world, &plan);
    world_mount(&world);
    device.fail_permille = options.fail;
    while (world.ops < options.ops) {
        workload_step(&world);
        if (chance_permille(&world.chance, 10)) {
            inspect(&world);
        }
        if (chance_permille(&world.chance, 5)) {
            workload_rest(&world);
            world_restart(&world);
        }
    }
    workload_rest(&world);
    workload_empty(&world);
    trial_end(&world);
    print(g, &world_stats);
    return all_cuts();
}

/* --- all ------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    unsigned long cuts = 0;

    options_read(&options, argc, argv);
    for (const struct geometry *g = geometries; g->name != NULL; g++) {
        if (options.name == NULL || strcmp(options.name, g->name) == 0) {
            cuts += run(g);
        }
    }
    printf("%lu power cuts\n", cuts);
    return 0;
}
