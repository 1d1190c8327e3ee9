/* SPDX-License-Identifier: BSD-3-Clause */
/* Who reads the mail over POP3: pop3_user.c, the configuration's user on port
 * 110, or pop3_none.c, in an image that leaves it out. */
#ifndef TINYMX_DEVICE_POP3_H
#define TINYMX_DEVICE_POP3_H

#include "tinymx/settings.h"
#include "tinymx/spool.h"

struct mx_pop3_server;

/* For the server's configuration. NULL: nobody. */
struct mx_pop3_server *pop3_start(struct mx_spool *spool,
                                  const struct mx_settings *settings);

#endif
