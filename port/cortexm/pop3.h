/* SPDX-License-Identifier: BSD-3-Clause */
/* Who reads the mail over POP3: pop3_user.c, one user on port 110, or
 * pop3_none.c. */
#ifndef TINYMX_CORTEXM_POP3_H
#define TINYMX_CORTEXM_POP3_H

#include "tinymx/spool.h"

struct mx_pop3_server;

/* For the server's configuration. NULL: nobody. */
struct mx_pop3_server *pop3_start(struct mx_spool *spool);

#endif
