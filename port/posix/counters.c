/* SPDX-License-Identifier: BSD-3-Clause */
#include "counters.h"

#include "net/core.h"
#include "net/pools.h"
#include "util/log.h"

#include "lwip/stats.h"

static void begin(const char *group)
{
    log_begin(MX_LOG_INFO, "counters", 0);
    log_str("group", group);
}

static void log_server(const struct mx_server_stats *s)
{
    begin("server");
    log_u32("uptime_s", s->uptime_s);
    log_u32("connections", s->connections);
    log_u32("refused", s->refused);
    log_u32("refused_peer", s->refused_peer);
    log_u32("refused_rate", s->refused_rate);
    log_u32("handshakes_refused", s->handshakes_refused);
    log_u32("handshakes", s->handshakes);
    log_u32("handshakes_failed", s->handshakes_failed);
    log_u32("breaches", s->breaches);
    log_u32("early", s->early);
    log_u32("tls_waits", s->tls_waits);
    log_u32("accepted", s->accepted);
    log_u32("aborted", s->aborted);
    log_u32("rcpts_refused", s->rcpts_refused);
    log_u32("blocked", s->blocked);
    log_u32("evicted", s->evicted);
    log_u32("timeouts", s->timeouts);
    log_u32("too_slow", s->too_slow);
    log_u32("too_long", s->too_long);
    log_u32("logins", s->logins);
    log_u32("logins_failed", s->logins_failed);
    log_u32("fetched", s->fetched);
    log_u32("deleted", s->deleted);
    log_u32("sessions", s->sessions);
    log_u32("tls_sessions", s->tls_sessions);
    log_u32("sessions_peak", s->sessions_peak);
    log_u32("tls_sessions_peak", s->tls_sessions_peak);
    log_end();
}

static void log_arena(void)
{
    struct mx_arena_stats s;

    mx_tls_arena_stats(&s);
    begin("arena");
    log_u32("size", (uint32_t)s.size);
    log_u32("used", (uint32_t)s.used);
    log_u32("peak", (uint32_t)s.peak);
    log_u32("largest", (uint32_t)s.largest);
    log_u32("blocks", s.blocks);
    log_u32("failures", s.failures);
    log_end();
}

static void log_link(void)
{
    struct stats_proto link, tcp;

    core_enter();
    link = lwip_stats.link;
    tcp = lwip_stats.tcp;
    core_leave();
    begin("link");
    log_u32("sent", link.xmit);
    log_u32("received", link.recv);
    log_u32("dropped", link.drop);
    log_u32("tcp_memerr", tcp.memerr);
    log_end();
}

/* lwIP's heap is a group of its own: its numbers are bytes. */
static void log_pool(const struct net_pool *pool, bool is_heap)
{
    begin(is_heap ? pool->name : "lwip");
    if (!is_heap) {
        log_str("pool", pool->name);
    }
    log_u32("used", pool->used);
    log_u32("max", pool->peak);
    log_u32("avail", pool->size);
    log_u32("err", pool->failures);
    log_end();
}

void counters_log(const struct mx_server *server)
{
    struct net_pool pool;

    log_server(mx_server_stats(server));
    log_arena();
    log_link();
    for (size_t i = 0; pools_get(&pool, i); i++) {
        log_pool(&pool, i == 0);
    }
}
