/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the keeper to each other. */
#ifndef TINYMX_IDENTITY_KEEPER_IMPL_H
#define TINYMX_IDENTITY_KEEPER_IMPL_H

#include "identity/draft.h"
#include "tinymx/keeper.h"

/* Looks at the identity in use, and says in the log what there is to be said:
 * all of it at a start or a change, later what is new. */
void keeper_check(struct mx_keeper *k, bool all);

/* MX_EAGAIN, to somebody who has to ask again soon. */
int keeper_wait(struct mx_keeper *k);

/* Nobody does: what was held for them goes back. A minute without a line is the
 * end of a paste, and a few seconds that of a question. */
void keeper_give_up(struct mx_keeper *k);

/* What an error is to the owner, unless something better was said. */
int keeper_say(int rc, const char **why);

#endif
