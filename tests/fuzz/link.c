/* SPDX-License-Identifier: BSD-3-Clause */
#include "link.h"

#include "fuzz.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"

#include <string.h>

#define FRAMES 128
#define FRAME_MAX 1500

struct frame {
    u16_t len;
    char bytes[FRAME_MAX];
};

static struct netif wire[LINK_HOSTS];
static struct frame frames[FRAMES];
static unsigned in, out;
static unsigned disturbed[LINK_DEEDS];
static struct frame late;
static unsigned level[MEMP_MAX];

/* --- the wire ----------------------------------------------------------- */

static void put(const struct frame *frame)
{
    if (in - out < FRAMES) {
        frames[in++ % FRAMES] = *frame;
    }
}

static bool is_due(enum link_deed deed)
{
    bool due = disturbed[deed] > 0;

    disturbed[deed] -= due;
    return due;
}

static void release_late(void)
{
    if (late.len > 0) {
        put(&late);
        late.len = 0;
    }
}

static err_t output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    struct frame frame;

    (void)netif;
    (void)to;
    FUZZ_CHECK(p->tot_len <= FRAME_MAX);
    frame.len = pbuf_copy_partial(p, frame.bytes, p->tot_len, 0);
    if (is_due(LINK_DROP)) {
        return ERR_OK;
    }
    if (late.len == 0 && is_due(LINK_LATE)) {
        late = frame;
        return ERR_OK;
    }
    put(&frame);
    if (is_due(LINK_TWICE)) {
        put(&frame);
    }
    release_late();
    return ERR_OK;
}

/* As a driver: without a buffer the frame is lost. */
static void receive(const struct frame *frame)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, frame->len, PBUF_POOL);

    if (p == NULL) {
        return;
    }
    (void)pbuf_take(p, frame->bytes, frame->len);
    if (ip_input(p, &wire[0]) != ERR_OK) {
        (void)pbuf_free(p);
    }
}

bool link_deliver(void)
{
    bool any = in != out;

    while (in != out) {
        receive(&frames[out++ % FRAMES]);
    }
    return any;
}

void link_disturb(enum link_deed deed, unsigned n)
{
    disturbed[deed] = n;
}

/* --- lwIP --------------------------------------------------------------- */

static err_t start(struct netif *netif)
{
    netif->output = output;
    netif->mtu = FRAME_MAX;
    netif->flags |= NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static void init(void)
{
    lwip_init();
    for (int i = 0; i < LINK_HOSTS; i++) {
        ip4_addr_t addr, mask, none;

        IP4_ADDR(&addr, 192, 0, 2, (u8_t)(1 + i));
        IP4_ADDR(&mask, 255, 255, 255, 0);
        ip4_addr_set_zero(&none);
        FUZZ_CHECK(netif_add(&wire[i], &addr, &mask, &none, NULL, start,
                             ip_input) != NULL);
        netif_set_up(&wire[i]);
    }
}

static unsigned used(int pool)
{
    return (unsigned)memp_pools[pool]->stats->used;
}

/* TCP's slow timer runs every other time: the next is one that does not. */
static void align_timers(void)
{
    sys_restart_timeouts();
    do {
        tcp_ticks = 0;
        tcp_tmr();
    } while (tcp_ticks == 0);
    tcp_ticks = 0;
}

void link_begin(void)
{
    static bool ready;

    if (!ready) {
        init();
        ready = true;
    }
    align_timers();
    memset(disturbed, 0, sizeof disturbed);
    late.len = 0;
    in = out = 0;
    for (int i = 0; i < MEMP_MAX; i++) {
        level[i] = used(i);
    }
}

bool link_is_quiet(void)
{
    release_late();
    return in == out && tcp_active_pcbs == NULL && tcp_tw_pcbs == NULL &&
           used(MEMP_SYS_TIMEOUT) == level[MEMP_SYS_TIMEOUT];
}

void link_check_levels(void)
{
    for (int i = 0; i < MEMP_MAX; i++) {
        FUZZ_CHECK(used(i) == level[i]);
    }
    FUZZ_CHECK(lwip_stats.mem.used == 0);
}
