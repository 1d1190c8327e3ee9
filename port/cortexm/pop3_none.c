/* SPDX-License-Identifier: BSD-3-Clause */
#include "pop3.h"

#include <stddef.h>

struct mx_pop3_server *pop3_start(struct mx_spool *spool)
{
    (void)spool;
    return NULL;
}
