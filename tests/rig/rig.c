/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

#include "far.h"
#include "near.h"
#include "platform.h"
#include "talk.h"

#include <stdio.h>

/* Turns without the clock moving: then somebody spins. */
#define SPIN_MAX 1000000u
/* Everything of TCP has ended after this. */
#define SETTLE_MS (3600u * 1000)

static void to_device(const void *frame, size_t len)
{
    link_put(TO_DEVICE, frame, len);
}

static void to_sender(const void *frame, size_t len)
{
    link_put(TO_SENDER, frame, len);
}

void rig_open(const struct world *w)
{
    X509 *device;

    platform_open(w->seed);
    link_open(w->weather, w->seed);
    far_open(to_device);
    device = near_open(store_open(w->mood, w->fault, w->seed), to_sender,
                       w->fault, w->patient);
    talk_open_world(device);
    X509_free(device);
}

static void deliver(void)
{
    struct frame frame;

    while (link_get(&frame)) {
        if (frame.to == TO_DEVICE) {
            near_input(frame.bytes, frame.len);
        } else {
            far_input(frame.bytes, frame.len);
        }
    }
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Both ends and the link; when any of them wants to go on. */
static uint64_t ends_turn(void)
{
    uint64_t due;

    deliver();
    due = platform_now() + far_timers();
    return least(due, platform_now() + near_turn());
}

static void spin_guard(void)
{
    static uint64_t last;
    static unsigned turns;

    turns = platform_now() == last ? turns + 1 : 0;
    last = platform_now();
    if (turns == SPIN_MAX) {
        give_up("%u turns, and the clock stands at %llu", turns,
                (unsigned long long)last);
    }
}

void rig_run(rig_peers *peers)
{
    uint64_t due, peers_due;

    for (;;) {
        due = ends_turn();
        peers_due = UINT64_MAX;
        if (!peers(&peers_due)) {
            return;
        }
        platform_advance(least(least(due, peers_due), link_due()));
        spin_guard();
    }
}

static uint64_t settle_ends;

static bool nobody(uint64_t *due_ms)
{
    if (!near_idle() || !far_idle()) {
        *due_ms = settle_ends;
        return platform_now() < settle_ends;
    }
    return link_due() != UINT64_MAX;
}

/* lwIP's timer of TCP notices at its next tick that there is none left. */
static bool a_while(uint64_t *due_ms)
{
    *due_ms = settle_ends;
    return platform_now() < settle_ends;
}

unsigned rig_settle(void)
{
    settle_ends = platform_now() + SETTLE_MS;
    rig_run(nobody);
    if (!near_idle()) {
        printf("LEAK connections: some have not ended in %u s\n",
               SETTLE_MS / 1000);
    }
    settle_ends = platform_now() + 2000;
    rig_run(a_while);
    return near_off_level() + !near_idle() + (store_now_open() != 0);
}
