/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration file: the long options without their dashes.
 *
 *     # our exchanger
 *     mx = mx.example.test
 *     rcpt = joe@example.test      # lists by repetition
 *     rcpt = alice@example.test
 *     tls-anyway = yes
 *
 * A # begins a comment at the start of a line and after a blank.
 */
#ifndef TINYMX_POSIX_CONFIG_FILE_H
#define TINYMX_POSIX_CONFIG_FILE_H

#include "options.h"

/* Reads `path` into `o`, behind what the command line said; once. 0;
 * MX_EINVAL: `why` names file and line; MX_EIO: it cannot be read. */
int config_file_read(struct options *o, const char *path, char *why);

#endif
