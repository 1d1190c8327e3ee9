/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the simulator keeps its mail: a Maildir, or a spool on a file. There is
 * one, as there is one simulator. */
#ifndef TINYMX_POSIX_STORE_H
#define TINYMX_POSIX_STORE_H

#include "options.h"

#include "tinymx/spool.h"

/* 0, or an error with the reason. */
int store_open(const struct options *o, char *why);
void store_close(void);

struct mx_sink *store_sink(void);

/* NULL: it is a Maildir. */
struct mx_spool *store_spool(void);

/* The largest message that SIZE may announce when so much was asked for, 0 for
 * the default: no more than the spool can ever take. */
uint32_t store_max_message(uint32_t asked);

/* A little work of its own, for when nobody waits. True: there is more. */
bool store_poll(void);

#endif
