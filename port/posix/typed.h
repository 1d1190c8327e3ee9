/* SPDX-License-Identifier: BSD-3-Clause */
/* The console on standard input and output. */
#ifndef TINYMX_POSIX_TYPED_H
#define TINYMX_POSIX_TYPED_H

#include "tinymx/server.h"

/* `maildir` is what the command `mail` lists. Both outlive the program. */
void typed_init(const struct mx_server *server, const char *maildir);

/* What to wait for: standard input, or -1 when nothing more will come of it or
 * it belongs to somebody else at the moment. */
int typed_fd(void);

/* It can be read. */
void typed_read(void);

#endif
