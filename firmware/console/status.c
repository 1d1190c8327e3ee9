/* SPDX-License-Identifier: BSD-3-Clause */
/* The command `status`: levels with their high-water marks, then counters. */
#include "console/status.h"

#include "net/pools.h"

/* The counters, in the order of struct mx_server_stats. */
static const struct {
    const char *name;
    size_t at;
} counters[] = {
    {"connections", offsetof(struct mx_server_stats, connections)},
    {"refused", offsetof(struct mx_server_stats, refused)},
    {"refused per peer", offsetof(struct mx_server_stats, refused_peer)},
    {"refused by rate", offsetof(struct mx_server_stats, refused_rate)},
    {"handshakes refused",
     offsetof(struct mx_server_stats, handshakes_refused)},
    {"handshakes", offsetof(struct mx_server_stats, handshakes)},
    {"handshakes failed", offsetof(struct mx_server_stats, handshakes_failed)},
    {"breaches", offsetof(struct mx_server_stats, breaches)},
    {"early", offsetof(struct mx_server_stats, early)},
    {"TLS waits", offsetof(struct mx_server_stats, tls_waits)},
    {"accepted", offsetof(struct mx_server_stats, accepted)},
    {"aborted", offsetof(struct mx_server_stats, aborted)},
    {"recipients refused", offsetof(struct mx_server_stats, rcpts_refused)},
    {"blocked", offsetof(struct mx_server_stats, blocked)},
    {"evicted", offsetof(struct mx_server_stats, evicted)},
    {"timeouts", offsetof(struct mx_server_stats, timeouts)},
    {"too slow", offsetof(struct mx_server_stats, too_slow)},
    {"too long", offsetof(struct mx_server_stats, too_long)},
    {"logins", offsetof(struct mx_server_stats, logins)},
    {"logins failed", offsetof(struct mx_server_stats, logins_failed)},
    {"fetched", offsetof(struct mx_server_stats, fetched)},
    {"deleted", offsetof(struct mx_server_stats, deleted)},
};

static void say_one(struct mx_console *c, const char *name, uint32_t n,
                    const char *unit)
{
    const struct mx_console_level level = {n, unit};

    mx_console_levels(c, name, &level, 1);
}

static void say_sessions(struct mx_console *c, const char *name, uint32_t now,
                         uint32_t peak, uint32_t limit)
{
    const struct mx_console_level levels[] = {
        {now, "now"}, {peak, "peak"}, {limit, "limit"}};

    mx_console_levels(c, name, levels, sizeof levels / sizeof *levels);
}

static void say_arena(struct mx_console *c)
{
    struct mx_arena_stats s;

    mx_tls_arena_stats(&s);

    const struct mx_console_level levels[] = {
        {(uint32_t)s.used, "used"}, {(uint32_t)s.peak, "peak"},
        {(uint32_t)s.size, "size"}, {(uint32_t)s.largest, "largest"},
        {s.failures, "failures"},
    };

    mx_console_levels(c, "arena", levels, sizeof levels / sizeof *levels);
}

static void say_pools(struct mx_console *c)
{
    struct net_pool pool;

    for (size_t i = 0; pools_get(&pool, i); i++) {
        const struct mx_console_level levels[] = {
            {pool.used, "used"},
            {pool.peak, "peak"},
            {pool.size, "size"},
            {pool.failures, "failures"},
        };

        mx_console_print(c, "pool ");
        mx_console_levels(c, pool.name, levels, sizeof levels / sizeof *levels);
    }
}

/* "client: mx.example.org, TLSv1.3, TLS_AES_128_GCM_SHA256, resumed" */
static void say_recent(struct mx_console *c, const struct mx_recent *r)
{
    mx_console_print(c, "client: ");
    mx_console_print(c, r->name);
    mx_console_print(c, ", ");
    mx_console_print(c, r->version != NULL ? r->version : "in clear");
    if (r->cipher != NULL) {
        mx_console_print(c, ", ");
        mx_console_print(c, r->cipher);
        mx_console_print(c, r->resumed ? ", resumed" : ", full handshake");
    }
    mx_console_print(c, "\n");
}

void status_run(struct mx_console *c, const char *args)
{
    const struct mx_server_stats *s = mx_server_stats(c->server);
    const struct mx_server_config *cfg = &c->server->cfg;

    (void)args;
    say_one(c, "uptime", s->uptime_s, "s");
    say_sessions(c, "sessions", s->sessions, s->sessions_peak, cfg->sessions);
    say_sessions(c, "TLS sessions", s->tls_sessions, s->tls_sessions_peak,
                 cfg->tls_sessions);
    say_arena(c);
    say_pools(c);
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        const char *at = (const char *)s + counters[i].at;

        say_one(c, counters[i].name, *(const uint32_t *)(const void *)at, "");
    }
    for (size_t i = 0; mx_server_recent(c->server, i) != NULL; i++) {
        say_recent(c, mx_server_recent(c->server, i));
    }
}
