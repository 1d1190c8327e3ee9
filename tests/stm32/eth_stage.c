/* SPDX-License-Identifier: BSD-3-Clause */
#include "eth_stage.h"

#include "clock.h"
#include "gpio.h"
#include "lan8742a.h"
#include "model.h"
#include "pins.h"

#include "lwip/memp.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define PHYS 32
#define HELD 6
#define SETTLE 4000
#define POLLS 60
#define PIECES 4
#define QUARTER 20 /* steps, in place of very many */

static const struct eth_config config_of_board = {
    .mac = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55},
};

static const struct gpio_pin pins[] = {
    {'A', 1, 11}, {'A', 2, 11}, {'A', 7, 11},  {'B', 13, 11}, {'C', 1, 11},
    {'C', 4, 11}, {'C', 5, 11}, {'G', 11, 11}, {'G', 13, 11},
};

/* lwIP's, in memp.c. */
extern u8_t memp_memory_PBUF_POOL_base[];

static struct stage_counts all;

static struct {
    struct eth_config config;
    uint32_t now_ms;
    struct eth_stats before;
    struct pbuf *held[HELD];
    struct pbuf *taken; /* of the pool, a chain */
    unsigned taken_count;
    bool in_interrupt;
    uint32_t in_last, out_last; /* numbers */
    /* Arrived, by fate; sent by the cable; given to eth_send(). */
    unsigned in_fifo, in_broken, in_missed;
    unsigned on_cable, understood, accepted, refused;
} stage;

/* Numbers go on from one stage to the next: no frame is like another. */
static uint32_t number;

/* --- frames ---------------------------------------------------------------------- */

#define NUMBER_AT 18

static uint8_t byte_of(uint32_t n, size_t i)
{
    return (uint8_t)((n * 2654435761u + (uint32_t)i * 40503u) >> 13);
}

static void compose(uint8_t *frame, size_t len, uint32_t n)
{
    for (size_t i = 0; i < len; i++) {
        frame[i] = byte_of(n, i);
    }
    frame[12] = 0x88;
    frame[13] = 0xb5;
    memcpy(frame + NUMBER_AT, &n, sizeof n);
}

static void address_to(uint8_t *frame, enum stage_kind kind)
{
    static const uint8_t group[6] = {0x33, 0x33, 0xff, 0x33, 0x44, 0x55};
    static const uint8_t other[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x56};

    switch (kind) {
    case TO_GROUP:
        memcpy(frame, group, 6);
        break;
    case TO_ALL:
        memset(frame, 0xff, 6);
        break;
    case TO_OTHERS:
        memcpy(frame, other, 6);
        break;
    default:
        memcpy(frame, stage.config.mac, 6);
        break;
    }
    if (kind == VLAN_TO_US) {
        frame[12] = 0x81;
        frame[13] = 0x00;
    }
}

/* All but addresses and type, which the MAC may look at. */
static uint32_t check_frame(const uint8_t *frame, size_t len)
{
    uint8_t want[FRAME_LONGEST];
    uint32_t n;

    memcpy(&n, frame + NUMBER_AT, sizeof n);
    compose(want, len, n);
    assert_memory_equal(frame + 14, want + 14, len - 14);
    return n;
}

static void check_pbuf(const struct pbuf *p)
{
    assert_null(p->next);
    assert_int_equal(p->len, p->tot_len);
    assert_int_equal(p->ref, 1);
    assert_in_range(p->len, 60, 1518);
    (void)check_frame(p->payload, p->len);
}

static void on_cable(const uint8_t *frame, size_t len, bool live)
{
    uint32_t n = check_frame(frame, len);

    assert_true(n > stage.out_last); /* not twice, and in order */
    stage.out_last = n;
    stage.on_cable++;
    stage.understood += live;
    all.sent++;
}

/* --- the core ---------------------------------------------------------------------- */

/* The line is level triggered: what is not acknowledged comes for ever. */
static void interrupt(void)
{
    for (unsigned i = 0; mac_interrupts(); i++) {
        MODEL_RULE(i < 20, "an interrupt that does not end");
        all.interrupts++;
        eth_interrupt();
    }
}

static void core(void)
{
    if (!stage.in_interrupt) {
        stage.in_interrupt = true;
        interrupt();
        stage.in_interrupt = false;
    }
}

static struct model_unit core_unit = {.name = "core", .step = core};

/* --- the pool ------------------------------------------------------------------------ */

static unsigned used(void)
{
    return (unsigned)lwip_stats.memp[MEMP_PBUF_POOL]->used;
}

void stage_leave(unsigned pbufs)
{
    while (stage.taken_count > 0 && PBUF_POOL_SIZE - used() < pbufs) {
        struct pbuf *p = stage.taken;

        stage.taken = p->next;
        p->next = NULL;
        pbuf_free(p);
        stage.taken_count--;
    }
    while (PBUF_POOL_SIZE - used() > pbufs) {
        struct pbuf *p = pbuf_alloc(PBUF_RAW, 100, PBUF_POOL);

        p->next = stage.taken;
        stage.taken = p;
        stage.taken_count++;
    }
}

static void let_go(unsigned i)
{
    if (stage.held[i] != NULL) {
        check_pbuf(stage.held[i]);
        pbuf_free(stage.held[i]);
        stage.held[i] = NULL;
    }
}

/* --- begin --------------------------------------------------------------------------- */

static void name_memory(void)
{
    size_t size = memp_pools[MEMP_PBUF_POOL]->size;

    model_memory(stage_driver.rx, stage_driver.rx_size, true);
    model_memory(stage_driver.tx, stage_driver.tx_size, true);
    model_memory(memp_memory_PBUF_POOL_base,
                 PBUF_POOL_SIZE * size + MEM_ALIGNMENT, true);
}

void stage_begin(uint64_t seed, uint32_t hclk_hz)
{
    static bool lwip;

    if (!lwip) {
        lwip = true;
        memp_init();
    }
    memset(&stage, 0, sizeof stage);
    stage.config = config_of_board;
    stage.config.hclk_hz = hclk_hz;
    stage.config.phy = (uint8_t)(seed % PHYS);
    stage.before = *eth_stats();
    stage.in_last = stage.out_last = number;
    model_begin(seed);
    clock_begin(stage_driver.chip);
    pins_begin();
    lan8742a_begin(stage.config.phy);
    mac_begin(hclk_hz);
    mac_sent = on_cable;
    model_add(&core_unit);
    name_memory();
    gpio_alternate(pins, sizeof pins / sizeof pins[0]);
}

int stage_start(void)
{
    return eth_start(&stage.config);
}

bool stage_poll(void)
{
    stage.now_ms += 250;
    lan8742a_pass(250);
    model_run(QUARTER);
    return eth_poll(stage.now_ms);
}

bool stage_poll_until(bool up)
{
    for (unsigned i = 0; i < POLLS; i++) {
        if (stage_poll() == up) {
            return true;
        }
    }
    return false;
}

void stage_up(void)
{
    assert_int_equal(stage_start(), 0);
    lan8742a_cable(0x1e0, true);
    assert_true(stage_poll_until(true));
}

/* --- in and out ------------------------------------------------------------------------ */

enum mac_fate stage_arrive(enum stage_kind kind, size_t len, bool bad_fcs)
{
    uint8_t frame[FRAME_LONGEST];
    enum mac_fate fate;

    compose(frame, len, ++number);
    address_to(frame, kind);
    fate = mac_arrive(frame, len, bad_fcs);
    stage.in_fifo += fate == FATE_TAKEN;
    stage.in_broken += fate == FATE_BROKEN;
    stage.in_missed += fate == FATE_MISSED;
    all.arrived++;
    return fate;
}

bool stage_receive(void)
{
    unsigned i = model_random(HELD);
    bool pending = eth_pending();
    bool more = false;
    struct pbuf *p;
    uint32_t n;

    let_go(i);
    p = eth_receive(&more);
    assert_true(more || !pending);
    if (p == NULL) {
        return more;
    }
    assert_true(more);
    check_pbuf(p);
    n = check_frame(p->payload, p->len);
    assert_true(n > stage.in_last);
    stage.in_last = n;
    all.received++;
    stage.held[i] = p;
    return true;
}

void stage_receive_all(void)
{
    while (stage_receive()) {
    }
}

uint32_t stage_preset(void)
{
    uint32_t preset = mac_preset();

    stage.in_missed += preset;
    return preset;
}

/* In pieces, as TCP's are. */
static struct pbuf *cut(const uint8_t *frame, size_t len)
{
    struct pbuf *p = NULL;
    size_t at = 0;

    for (unsigned pieces = 1; at < len; pieces++) {
        size_t n = 1 + model_random((uint32_t)(len - at));
        struct pbuf *q = pbuf_alloc(PBUF_RAW, 0, PBUF_REF);

        n = pieces == PIECES ? len - at : n;
        q->payload = (void *)(uintptr_t)(frame + at);
        q->len = q->tot_len = (u16_t)n;
        at += n;
        if (p == NULL) {
            p = q;
        } else {
            pbuf_cat(p, q);
        }
    }
    return p;
}

bool stage_send(size_t len)
{
    uint8_t frame[FRAME_LONGEST];
    struct pbuf *p;
    bool taken;

    compose(frame, len, ++number);
    p = cut(frame, len);
    taken = eth_send(p);
    pbuf_free(p);
    stage.accepted += taken;
    stage.refused += !taken;
    return taken;
}

void stage_settle(void)
{
    for (unsigned i = 0; i < SETTLE && !mac_idle(); i++) {
        model_run(1);
    }
    model_run(10);
}

/* --- the books -------------------------------------------------------------------------- */

struct eth_stats stage_stats(void)
{
    struct eth_stats now = *eth_stats();

    now.sent -= stage.before.sent;
    now.received -= stage.before.received;
    now.no_pbuf -= stage.before.no_pbuf;
    now.broken -= stage.before.broken;
    now.overruns -= stage.before.overruns;
    now.stuck -= stage.before.stuck;
    now.unavailable -= stage.before.unavailable;
    now.bus_errors -= stage.before.bus_errors;
    return now;
}

unsigned stage_sent(void)
{
    return stage.understood;
}

struct stage_counts stage_counts(void)
{
    return all;
}

void stage_check(void)
{
    struct eth_stats s = stage_stats();
    struct mac_counts c = mac_counts();

    assert_int_equal(stage.in_fifo + stage.in_broken + stage.in_missed,
                     s.received + s.no_pbuf + s.broken + s.overruns + c.reset);
    assert_int_equal(stage.accepted + stage.refused, s.sent + s.stuck);
    assert_true(stage.on_cable >= s.sent);
    assert_int_equal(s.bus_errors, c.fatal);
    assert_in_range(s.unavailable, 0, c.rx_suspended);
    for (unsigned i = 0; i < HELD; i++) {
        let_go(i);
    }
    stage_leave(PBUF_POOL_SIZE);
    assert_int_equal(used(), stage_driver.rx_ring);
}
