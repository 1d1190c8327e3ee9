/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A world of two stacks in one thread, and its time:
 *
 *   peers ─ OpenSSL ─ lwIP ═══ link ═══ lwIP ─ the device ─ store
 *                far                         near             │
 *                         ledger ◄──────────────────────────────┘
 *
 * When nothing can be done any more now, the clock jumps to whatever comes
 * next, so hours pass in seconds.
 */
#ifndef TINYMX_RIG_RIG_H
#define TINYMX_RIG_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "store.h"

struct world {
    uint64_t seed;
    const struct weather *weather;
    const struct store_mood *mood;
    enum fault fault;
    bool patient; /* the device takes whatever time the weather takes */
};

/* Everything, once in a process: lwIP cannot be closed. */
void rig_open(const struct world *world);

/* Peers: do what can be done now and say when they want a turn even if nothing
 * arrives. False: they are done. */
typedef bool rig_peers(uint64_t *due_ms);

/* Until the peers are done. */
void rig_run(rig_peers *peers);
/* Until nothing of any connection is left, then a while longer for the timers
 * of lwIP. Prints what has not come back to its start level, and returns how
 * much that is. */
unsigned rig_settle(void);

#endif
