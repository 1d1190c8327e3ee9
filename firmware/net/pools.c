/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/pools.h"

#include "lwip/memp.h"
#include "lwip/stats.h"

/* clang-format off */
static const char *const names[] = {
#define LWIP_MEMPOOL(name, num, size, desc) [MEMP_##name] = #name,
#include "lwip/priv/memp_std.h"
};
/* clang-format on */

bool pools_get(struct net_pool *pool, size_t number)
{
    const struct stats_mem *s = &lwip_stats.mem;

    if (number > MEMP_MAX) {
        return false;
    }
    pool->name = "heap";
    if (number > 0) {
        pool->name = names[number - 1];
        s = lwip_stats.memp[number - 1];
    }
    pool->used = (uint32_t)s->used;
    pool->peak = (uint32_t)s->max;
    pool->size = (uint32_t)s->avail;
    pool->failures = (uint32_t)s->err;
    return true;
}
