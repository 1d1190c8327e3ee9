/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/pools.h"

#include "net/core.h"

#include "lwip/memp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"

#if MEM_STATS && MEMP_STATS

/* clang-format off */
static const char *const names[] = {
#define LWIP_MEMPOOL(name, num, size, desc) [MEMP_##name] = #name,
#include "lwip/priv/memp_std.h"
};
/* clang-format on */

/* The heap's numbers are the core's; a driver may take of the pools without. */
static void read_stats(struct net_pool *pool, const struct stats_mem *s)
{
    SYS_ARCH_DECL_PROTECT(level);

    core_enter();
    SYS_ARCH_PROTECT(level);
    pool->used = (uint32_t)s->used;
    pool->peak = (uint32_t)s->max;
    pool->size = (uint32_t)s->avail;
    pool->failures = (uint32_t)s->err;
    SYS_ARCH_UNPROTECT(level);
    core_leave();
}

bool pools_get(struct net_pool *pool, size_t number)
{
    if (number > MEMP_MAX) {
        return false;
    }
    pool->name = number > 0 ? names[number - 1] : "heap";
    read_stats(pool,
               number > 0 ? lwip_stats.memp[number - 1] : &lwip_stats.mem);
    return true;
}

#else

/* lwIP does not count here: ESP-IDF's, where all of it is of the heap. */
bool pools_get(struct net_pool *pool, size_t number)
{
    (void)pool;
    (void)number;
    return false;
}

#endif
