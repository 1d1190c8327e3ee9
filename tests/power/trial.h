/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The power goes in an operation of the device, in each way that it may: what
 * is there when it comes back?
 *
 *     world ──► operation ──► operation ──► operation ──► ...
 *                  │             ├─ half done, all before it lost ──► a world
 *                  │             ├─ unreadable ──► a world
 *                  │             └─ ...
 *                  └─ noise ──► a world: mount, compare with the model, go on
 *                                  └─ the power goes in that ──► a world ...
 *
 * Each is taken back when it has shown what it is like, so that the next begins
 * where the first did, and nothing is ever done twice.
 */
#ifndef TINYMX_POWER_TRIAL_H
#define TINYMX_POWER_TRIAL_H

#include "story.h"
#include "world.h"

struct trial_plan {
    unsigned every; /* of the operations of the first world; 0: none */
    unsigned ways;  /* the first so many of enum torn */
};

/* Operations of `w` are tried from now on. */
void trial_begin(struct world *w, const struct trial_plan *plan);
void trial_end(struct world *w);

/* How many power cuts so far, by how many were before them. */
extern unsigned long trial_cuts[STORY_DEEP];

#endif
