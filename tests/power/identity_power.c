/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The plug is pulled in every operation of a change of the identity store, in
 * every way, and again in what a mount does then: there is the old or the new,
 * and it stays what it was found to be.
 *
 *     identity_power [--seed N] [--ops CHANGES] [--every N] [GEOMETRY]
 */
#include "contents.h"
#include "device.h"
#include "options.h"
#include "story.h"

#include "tinymx/idstore.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE_MAX 512

static struct options options = {.seed = 1, .ops = 6, .every = 1};
static struct device device;

/* A device with a history, and what may be on it: contents, by their number. */
static struct world {
    struct mx_idstore store;
    uint8_t page[PAGE_MAX];
    uint32_t may[2];
    unsigned ops;
    bool keen; /* every operation from now on is tried */
} worlds[STORY_DEEP];
static unsigned depth;
static uint32_t last; /* contents */
static unsigned long cuts[STORY_DEEP], olds, news;

/* How often an operation is tried in worlds that had so many power cuts, in a
 * thousand. */
static const unsigned permille[STORY_DEEP] = {1000, 20, 20, 0};

static const char *const kinds[] = {"program", "erase", "sync"};

/* --- one world -------------------------------------------------------------- */

/* An empty one stays as it is: the very first may come to light later. */
static void mount(struct world *w)
{
    uint32_t blocks = mx_idstore_blocks(&device.block, CONTENTS_CHAIN_MAX);
    int rc =
        mx_idstore_mount(&w->store, device_seen(&device),
                         device.block.block_count - blocks, blocks, w->page);

    if (rc != 0) {
        story_end("MOUNT", "%d", rc);
    }
    if (!contents_are(&w->store, w->page, w->may[0]) &&
        !contents_are(&w->store, w->page, w->may[1])) {
        story_end("LOST", "neither %" PRIu32 " nor %" PRIu32, w->may[0],
                  w->may[1]);
    }
    if (contents_are(&w->store, w->page, w->may[1])) {
        w->may[0] = w->may[1];
    } else if (w->may[0] != 0) {
        w->may[1] = w->may[0];
    }
}

static void change(struct world *w)
{
    static struct contents contents[STORY_DEEP];
    int rc;

    w->may[1] = ++last;
    contents_make(&contents[depth], w->may[1]);
    rc = mx_idstore_write(&w->store, contents[depth].part, w->page);
    if (rc != 0 || !contents_are(&w->store, w->page, w->may[1])) {
        story_end("WRITE", "contents %" PRIu32 ": %d", w->may[1], rc);
    }
    w->may[0] = w->may[1];
}

static void survive(struct world *w)
{
    uint32_t new = w->may[1];

    mount(w);
    w->keen = false;
    (void)(w->may[0] == new ? news++ : olds++);
    for (int i = 0; i < 3; i++) {
        mount(w);
    }
    change(w);
    mount(w);
}

/* --- power cuts ------------------------------------------------------------- */

static void cut(const struct operation *op, enum torn torn, enum loss loss)
{
    struct device_mark mark = device_mark(&device);
    uint32_t contents = last;

    story_push("cut in operation %u, %s %u + %u: %s, unsynced: %s",
               worlds[depth].ops, kinds[op->kind], op->at, op->len,
               torn_names[torn], loss_names[loss]);
    cuts[depth]++;
    worlds[depth + 1] = worlds[depth];
    worlds[depth + 1].ops = 0;
    worlds[depth + 1].keen =
        depth == 0 && torn == TORN_WAVERS && loss == LOSS_NONE;
    depth++;
    device_outage(&device, op, torn, loss);
    survive(&worlds[depth]);
    depth--;
    story_pop();
    last = contents;
    device_go_back(&device, &mark);
}

static void cut_all_ways(const struct operation *op)
{
    bool cached = device.journal.len > device.synced;

    for (int torn = 0; torn < (op->kind == SYNC ? 1 : TORN_WAYS); torn++) {
        for (int loss = 0; loss < (cached ? LOSSES : 1); loss++) {
            cut(op, (enum torn)torn, (enum loss)loss);
        }
    }
}

static void before(struct device *dev, const struct operation *op)
{
    struct world *w = &worlds[depth];
    struct chance chance = dev->chance;

    w->ops++;
    if (op->kind != SYNC && op->at < w->store.first * dev->block.block_size) {
        story_end("RULE", "a block of somebody else");
    }
    chance.state += w->ops;
    if (depth == 0 && w->ops % options.every == 0) {
        cut_all_ways(op);
    } else if (depth > 0 &&
               (w->keen || chance_permille(&chance, permille[depth]))) {
        cut(op,
            op->kind == SYNC ? TORN_OLD
                             : (enum torn)chance_below(&chance, TORN_WAYS),
            (enum loss)chance_below(&chance, LOSSES));
    }
}

/* --- all -------------------------------------------------------------------- */

static void broken(struct device *dev, const char *rule)
{
    (void)dev;
    story_end("RULE", "%s", rule);
}

static unsigned long run(const struct geometry *g)
{
    unsigned long all = 0;

    story_begin(g->name, options.seed);
    memset(worlds, 0, sizeof worlds);
    memset(cuts, 0, sizeof cuts);
    last = 0;
    olds = news = 0;
    device_open(&device, g, options.seed);
    device.broken = broken;
    mount(&worlds[0]);
    device.before = before;
    for (unsigned i = 0; i < options.ops; i++) {
        change(&worlds[0]);
    }
    mount(&worlds[0]);
    for (unsigned i = 0; i < STORY_DEEP; i++) {
        all += cuts[i];
    }
    printf("%s: %lu cuts (%lu, %lu, %lu deep) in %u operations of %u changes; "
           "then %lu times the old and %lu the new\n",
           g->name, all, cuts[0], cuts[1], cuts[2], worlds[0].ops, options.ops,
           olds, news);
    return all;
}

int main(int argc, char **argv)
{
    unsigned long all = 0;

    options_read(&options, argc, argv);
    for (const struct geometry *g = geometries; g->name != NULL; g++) {
        if (options.name == NULL || strcmp(options.name, g->name) == 0) {
            all += run(g);
        }
    }
    printf("%lu power cuts\n", all);
    return 0;
}
