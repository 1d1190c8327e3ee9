/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels and high-water marks of everything that could leak, as log lines:
 * one event=counters for each group. */
#ifndef TINYMX_POSIX_COUNTERS_H
#define TINYMX_POSIX_COUNTERS_H

#include "tinymx/server.h"

void counters_log(const struct mx_server *server);

#endif
