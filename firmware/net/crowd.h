/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many pcbs there are, where nothing of lwIP's bounds them: with pools the
 * pool does; with MEMP_MEM_MALLOC, as in ESP-IDF, whoever connects and leaves
 * would fill the heap with connections that are in TIME_WAIT for two minutes.
 */
#ifndef TINYMX_NET_CROWD_H
#define TINYMX_NET_CROWD_H

#include <stdbool.h>

/* When one more has come; inside the core. True: there are `most` of them at most,
 * those in TIME_WAIT included, of which the oldest had to go for it, as they have
 * to in lwIP's pool. False: there are too many of the others. */
bool crowd_bear(unsigned most);

#endif
