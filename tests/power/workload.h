/* SPDX-License-Identifier: BSD-3-Clause */
/* What senders and readers do to a spool, by chance. */
#ifndef TINYMX_POWER_WORKLOAD_H
#define TINYMX_POWER_WORKLOAD_H

#include "world.h"

/* One of the things that they do. */
void workload_step(struct world *w);

/* Nobody is in the middle of anything any more. */
void workload_rest(struct world *w);

/* A small message has room, or gets it when old ones are deleted. */
void workload_one_more(struct world *w);

/* Nothing is there any more, and so the largest message has room. */
void workload_empty(struct world *w);

#endif
