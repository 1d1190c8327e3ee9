/* SPDX-License-Identifier: BSD-3-Clause */
/* The console on standard input and output. */
#ifndef TINYMX_POSIX_TYPED_H
#define TINYMX_POSIX_TYPED_H

#include "tinymx/keeper.h"
#include "tinymx/server.h"
#include "tinymx/spool.h"

/* What the commands are about. All of it outlives the program. */
struct typed_config {
    const struct mx_server *server;
    struct mx_spool *spool; /* NULL: there is the Maildir instead */
    const char *maildir;
    struct mx_keeper *keeper;
    const struct mx_table *table;
    const char *const *addresses; /* under which senders reach the device */
    int (*install)(struct mx_keeper *k, const char *name, const char **why);
};
void typed_init(const struct typed_config *config);

/* What to wait for: standard input, or -1 when nothing more will come of it or
 * it belongs to somebody else at the moment. */
int typed_fd(void);

/* It can be read. */
void typed_read(void);

/* Says more of a long answer, if standard output takes it without waiting. How
 * long until it wants to again, ms. */
uint32_t typed_poll(void);

#endif
