/* SPDX-License-Identifier: BSD-3-Clause */
/* The console on standard input and output. */
#ifndef TINYMX_POSIX_TYPED_H
#define TINYMX_POSIX_TYPED_H

#include "tinymx/server.h"
#include "tinymx/spool.h"

/* `spool`, or where there is none `maildir`, is what the command `mail` is
 * about. All outlive the program. */
void typed_init(const struct mx_server *server, struct mx_spool *spool,
                const char *maildir);

/* What to wait for: standard input, or -1 when nothing more will come of it or
 * it belongs to somebody else at the moment. */
int typed_fd(void);

/* It can be read. */
void typed_read(void);

/* Says more of a long answer, if standard output takes it without waiting. How
 * long until it wants to again, ms. */
uint32_t typed_poll(void);

#endif
