/* SPDX-License-Identifier: BSD-3-Clause */
/* What lwIP's heap and pools hold and held at most: the one place that looks.
 *
 *     for (size_t i = 0; pools_get(&pool, i); i++) { ... }
 */
#ifndef TINYMX_NET_POOLS_H
#define TINYMX_NET_POOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net_pool {
    const char *name;  /* "heap", whose numbers are bytes, or lwIP's own */
    uint32_t used;     /* now */
    uint32_t peak;     /* high-water mark of `used` */
    uint32_t size;     /* all there are */
    uint32_t failures; /* requests that could not be met, ever */
};

/* The heap is number 0. False when there is no pool of this number; none at all
 * where lwIP does not count (MEM_STATS, MEMP_STATS). */
bool pools_get(struct net_pool *pool, size_t number);

#endif
