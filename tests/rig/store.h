/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink: hands what was committed to the ledger. It can be as slow and as
 * full as a card. */
#ifndef TINYMX_RIG_STORE_H
#define TINYMX_RIG_STORE_H

#include <stdint.h>

#include "fault.h"
#include "tinymx/sink.h"

struct store_mood {
    uint16_t busy; /* MX_EAGAIN, per mille of the calls */
    uint16_t full; /* MX_ENOSPC, per mille of opens, recipients, commits; and
                      of messages, somewhere in their text */
};

struct store_stats {
    unsigned opened, committed, aborted;
};
extern struct store_stats store_stats;

struct mx_sink *store_open(const struct store_mood *mood, enum fault fault,
                           uint64_t seed);
/* Messages that are open now. */
unsigned store_now_open(void);

#endif
