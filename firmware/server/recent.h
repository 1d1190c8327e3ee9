/* SPDX-License-Identifier: BSD-3-Clause */
/* What `status` tells of the last sessions. */
#ifndef TINYMX_SERVER_RECENT_H
#define TINYMX_SERVER_RECENT_H

#include "tinymx/server.h"

/* Before a session ends, or its TLS does: whichever comes first counts. */
void recent_note(struct mx_server *srv, const struct mx_session *s);

#endif
