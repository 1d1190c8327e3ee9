/* SPDX-License-Identifier: BSD-3-Clause */
/* What is multiplied by sessions, as variables of that size:
 * tests/size/rv32imc.py reads it by nm. */
#include "tinymx/server.h"
#include "tinymx/spool.h"

#define SIZE(name, bytes)                                                      \
    extern char name[bytes];                                                   \
    char name[bytes]

SIZE(size_server, sizeof(struct mx_server));
SIZE(size_session, sizeof(struct mx_session));
SIZE(size_tls, sizeof(struct mx_tls));
SIZE(size_spool_msg, sizeof(struct mx_spool_msg));
