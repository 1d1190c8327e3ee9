/* SPDX-License-Identifier: BSD-3-Clause */
/* What is multiplied by sessions, as variables of that size, and how many there
 * are: tests/size/board_table.py reads it by nm. No image has it in it. */
#include "tinymx/server.h"

#include "lwip/def.h"

#define SIZE(name, bytes)                                                      \
    extern char name[bytes];                                                   \
    char name[bytes]

SIZE(size_session, sizeof(struct mx_session));
SIZE(size_tls, sizeof(struct mx_tls));
SIZE(count_pcbs, MEMP_NUM_TCP_PCB);
SIZE(count_sessions, MX_SESSIONS);
SIZE(count_tls_sessions, MX_TLS_SESSIONS);
