/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"

#include "net/pools.h"
#include "platform.h"
#include "tinymx/identity.h"
#include "tinymx/tls.h"
#include "tls/arena.h"
#include "tls_certs.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"

#include <stdio.h>
#include <string.h>

#define POOLS 32

struct level {
    struct mx_arena_stats arena;
    uint32_t pool[POOLS];
};

static struct netif netif;
static void (*send_frame)(const void *, size_t);
static struct mx_identity identity;
static struct mx_table table;
static struct mx_server server;
static struct level start;
static enum fault fault;

/* --- frames ------------------------------------------------------------- */

static err_t output(struct netif *from, struct pbuf *p, const ip4_addr_t *to)
{
    unsigned char frame[1500];
    u16_t len = pbuf_copy_partial(p, frame, sizeof frame, 0);

    (void)from;
    (void)to;
    send_frame(frame, len);
    return ERR_OK;
}

static err_t init(struct netif *n)
{
    n->output = output;
    n->mtu = 1500;
    n->flags |= NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

/* As a driver does it: no pbuf, no frame. */
void near_input(const void *frame, size_t len)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);

    if (p != NULL) {
        (void)pbuf_take(p, frame, (u16_t)len);
        if (ip_input(p, &netif) != ERR_OK) {
            (void)pbuf_free(p);
        }
    }
}

static void open_netif(void)
{
    ip4_addr_t addr, mask, none;

    IP4_ADDR(&addr, 192, 0, 2, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    ip4_addr_set_zero(&none);
    lwip_init();
    (void)netif_add(&netif, &addr, &mask, &none, NULL, init, ip_input);
    netif_set_default(&netif);
    netif_set_up(&netif);
}

/* --- levels ------------------------------------------------------------- */

static void level_now(struct level *l)
{
    struct net_pool pool;

    memset(l, 0, sizeof *l);
    mx_tls_arena_stats(&l->arena);
    for (size_t i = 0; pools_get(&pool, i); i++) {
        if (i == POOLS) {
            give_up("more pools than the rig counts");
        }
        l->pool[i] = pool.used;
    }
}

static unsigned differs(const char *what, size_t now, size_t then)
{
    if (now == then) {
        return 0;
    }
    printf("LEAK %s: %zu, was %zu\n", what, now, then);
    return 1;
}

unsigned near_off_level(void)
{
    struct level now;
    struct net_pool pool;
    unsigned off = 0;

    level_now(&now);
    off += differs("arena bytes", now.arena.used, start.arena.used);
    off += differs("arena blocks", now.arena.blocks, start.arena.blocks);
    off += differs("arena largest", now.arena.largest, start.arena.largest);
    for (size_t i = 0; pools_get(&pool, i); i++) {
        off += differs(pool.name, now.pool[i], start.pool[i]);
    }
    off += differs("sessions", server.stats.sessions, 0);
    off += differs("TLS sessions", server.stats.tls_sessions, 0);
    return off;
}

void near_print(void)
{
    struct mx_arena_stats arena;
    struct net_pool pool;

    mx_tls_arena_stats(&arena);
    printf("  arena: peak %zu of %zu, %u refused\n", arena.peak, arena.size,
           (unsigned)arena.failures);
    for (size_t i = 0; pools_get(&pool, i); i++) {
        if (pool.peak > 0) {
            printf("  %s: peak %u of %u, %u refused\n", pool.name,
                   (unsigned)pool.peak, (unsigned)pool.size,
                   (unsigned)pool.failures);
        }
    }
}

/* --- the device --------------------------------------------------------- */

static X509 *open_identity(void)
{
    struct cert_spec spec = {.cn = "mx", .san = "DNS:" NEAR_NAME};
    struct cert c = cert_make(&spec);
    const char *why = "no arena";
    X509 *x509;

    if (mx_tls_arena_init() != 0 ||
        mx_identity_load(&identity, c.pem, c.pem_len, c.key_pem, c.key_pem_len,
                         &why) != 0) {
        give_up("no identity: %s", why);
    }
    x509 = X509_dup(c.x509);
    cert_free(&c);
    return x509;
}

X509 *near_open(struct mx_sink *sink, void (*send)(const void *, size_t),
                enum fault f, bool patient)
{
    static const char *const rcpts[] = {"*@example.test", NULL};
    struct mx_server_config cfg = {
        .mx_name = NEAR_NAME,
        .sink = sink,
        .policy = &table.policy,
        .identity = &identity,
        .min_rate = patient ? 0xffff : 0,
        .session_s = patient ? 0xffff : 0,
    };
    X509 *x509 = open_identity();

    send_frame = send;
    fault = f;
    open_netif();
    mx_table_init(&table, NULL, rcpts);
    if (mx_server_init(&server, &cfg) != 0) {
        give_up("no server");
    }
    level_now(&start);
    return x509;
}

static void leak(void)
{
    static uint32_t failed;

    if (server.stats.handshakes_failed == failed) {
        return;
    }
    failed = server.stats.handshakes_failed;
    if (fault == FAULT_PBUF) {
        (void)pbuf_alloc(PBUF_RAW, 1, PBUF_POOL);
    } else if (fault == FAULT_ARENA) {
        (void)mx_arena_calloc(1, 1);
    }
}

uint32_t near_turn(void)
{
    uint32_t timer_ms, wait_ms;

    sys_check_timeouts();
    wait_ms = mx_server_poll(&server);
    leak();
    timer_ms = sys_timeouts_sleeptime();
    return timer_ms < wait_ms ? timer_ms : wait_ms;
}

const struct mx_server_stats *near_stats(void)
{
    return mx_server_stats(&server);
}

bool near_idle(void)
{
    return server.stats.sessions == 0 && tcp_active_pcbs == NULL &&
           tcp_tw_pcbs == NULL;
}
