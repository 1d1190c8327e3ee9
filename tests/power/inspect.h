/* SPDX-License-Identifier: BSD-3-Clause */
/* Is everything in the spool that the model says, to the byte, and nothing
 * else? */
#ifndef TINYMX_POWER_INSPECT_H
#define TINYMX_POWER_INSPECT_H

#include "world.h"

/* All of it. What was in flight when the power went is settled: the model then
 * has it or does not. */
void inspect(struct world *w);

/* The letter that was just committed: found, compared, put into the model. */
void inspect_new(struct world *w, const struct letter *letter);

/* Does what was found read as this message, every byte? */
bool inspect_is(struct world *w, const struct model_mail *mail,
                struct mx_spool_mail *found);

/* A handle of some time ago: reads right, or says that its message is gone. */
void inspect_stale(struct world *w);

#endif
