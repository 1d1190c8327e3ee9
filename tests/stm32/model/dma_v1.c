/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engines of RM0090 33.6: fetch a descriptor, move a frame, close it. A
 * step does one access or a piece of a copy, so the driver sees all that is
 * between.
 *
 * A descriptor that is the DMA's is watched: until it is closed nobody else
 * may write to it.
 */
#include "mac_v1_parts.h"

#include "model.h"

#include <string.h>

#define OWN (1u << 31)

#define TDES0_LS (1u << 29)
#define TDES0_FS (1u << 28)
#define TDES0_IC (1u << 30)
#define TDES0_TCH (1u << 20)
#define TDES0_ES (1u << 15)
#define TDES0_EC (1u << 8)

#define RDES0_ES (1u << 15)
#define RDES0_DE (1u << 14)
#define RDES0_FS (1u << 9)
#define RDES0_LS (1u << 8)
#define RDES1_DIC (1u << 31)
#define RDES1_RER (1u << 15)
#define RDES1_RCH (1u << 14)

#define SIZE_1 0x00001fffu
#define SIZE_2 0x1fff0000u

#define COPY_MAX 700
#define FRAMES 32
#define WATCHED 32

/* As DMASR has them, TPS: 20, RPS: 17. */
enum state {
    STOPPED = 0,
    FETCHING = 1,
    TX_WAITING = 2,
    TX_READING = 3,
    RX_WAITING = 3,
    RX_SUSPENDED = 4,
    RX_CLOSING = 5,
    TX_SUSPENDED = 6,
    RX_QUEUING = 7,
    TX_CLOSING = 7,
};

struct engine {
    enum state state;
    uint32_t at; /* its descriptor */
    uint32_t word[4];
    uint32_t status; /* to be closed with */
    size_t done;     /* of the frame */
    size_t filled;   /* of the buffer */
    bool empty;      /* fetched, and not its own: about to be suspended */
    bool demanded;   /* then, too early */
};

static struct engine rx, tx;
static bool remembers, wakes, failing, failed;

static struct {
    uint8_t byte[FIFO_SIZE];
    size_t len;
    bool error, tried;
} in[FRAMES];
static unsigned ins;
static size_t in_used;

static uint8_t out[FIFO_SIZE];

static struct watch {
    const volatile uint32_t *word;
    uint32_t was[4];
} watch[WATCHED];
static unsigned watches;

/* --- memory ------------------------------------------------------------------- */

/* False: the bus failed, now or before. */
static bool bus(void)
{
    if (failing) {
        failing = false;
        failed = true;
        mac_count.fatal++;
        mac_raise(SR_FBES);
    }
    return !failed;
}

static void look(struct watch *w)
{
    for (unsigned i = 0; i < 4; i++) {
        w->was[i] = w->word[i];
    }
}

static bool same(const struct watch *w)
{
    return w->word[0] == w->was[0] && w->word[1] == w->was[1] &&
           w->word[2] == w->was[2] && w->word[3] == w->was[3];
}

static void check_watches(void)
{
    for (unsigned n = 0; n < watches; n++) {
        struct watch *w = &watch[n];

        MODEL_RULE((w->was[0] & OWN) == 0 || same(w),
                   "a descriptor that is the DMA's was written, at %p",
                   (const volatile void *)w->word);
        look(w);
    }
}

static void look_at(uint32_t descriptor)
{
    for (unsigned n = 0; n < watches; n++) {
        if (watch[n].word == (const volatile uint32_t *)(uintptr_t)descriptor) {
            look(&watch[n]);
        }
    }
}

static void watch_ring(uint32_t first)
{
    uint32_t at = first;

    do {
        MODEL_RULE(watches < WATCHED, "a chain that does not end");
        watch[watches].word = model_dma_bytes(at, 32);
        look(&watch[watches]);
        watches++;
        at = model_dma_rd(at + 12);
    } while (at != first);
}

static bool fetch(struct engine *e)
{
    check_watches();
    for (unsigned i = 0; i < 4; i++) {
        e->word[i] = model_dma_rd(e->at + 4 * i);
        if ((e->word[0] & OWN) == 0) {
            return false;
        }
    }
    return true;
}

/* In the next step: a demand in between may be forgotten. */
static bool is_suspended(struct engine *e)
{
    bool again = e->demanded && remembers;

    e->empty = !e->empty;
    e->demanded = false;
    return !e->empty && !again;
}

static void close(struct engine *e, uint32_t status)
{
    check_watches();
    if (e == &rx) {
        model_dma_wr(e->at + 16, model_random(UINT32_MAX)); /* RDES4 */
    }
    model_dma_wr(e->at, status);
    look_at(e->at);
    e->at = e->word[3];
    e->state = FETCHING;
}

/* --- in ------------------------------------------------------------------------- */

bool dma_take(const uint8_t *frame, size_t len, bool error)
{
    if (in_used + len + FCS > FIFO_SIZE || ins == FRAMES) {
        mac_missed_overflow();
        return false;
    }
    memcpy(in[ins].byte, frame, len);
    for (unsigned i = 0; i < FCS; i++) {
        in[ins].byte[len + i] = (uint8_t)model_random(256);
    }
    in[ins].len = len + FCS;
    in[ins].error = error;
    in[ins].tried = false;
    in_used += in[ins].len;
    ins++;
    return true;
}

static void drop_first(void)
{
    in_used -= in[0].len;
    ins--;
    memmove(&in[0], &in[1], ins * sizeof in[0]);
}

static void check_rx(void)
{
    MODEL_RULE((rx.word[1] & 0x60002000u) == 0, "RDES1: reserved bits");
    MODEL_RULE((rx.word[1] & (RDES1_RCH | RDES1_RER | SIZE_2)) == RDES1_RCH,
               "RDES1 0x%08x: not chained", rx.word[1]);
    MODEL_RULE((rx.word[1] & SIZE_1) >= 4 && (rx.word[1] & 3) == 0,
               "RBS1 0x%08x: no whole number of words", rx.word[1]);
    MODEL_RULE((rx.word[2] & 3) == 0, "a buffer at 0x%08x", rx.word[2]);
    (void)model_dma_bytes(rx.word[2], rx.word[1] & SIZE_1);
}

static void suspend_rx(void)
{
    if (!is_suspended(&rx)) {
        return;
    }
    rx.state = RX_SUSPENDED;
    mac_count.rx_suspended++;
    mac_raise(SR_RBUS);
}

static void rx_fetch(void)
{
    if (rx.empty || !fetch(&rx)) {
        suspend_rx();
        return;
    }
    check_rx();
    rx.filled = 0;
    rx.status = rx.done == 0 ? RDES0_FS : 0;
    rx.state = rx.done == 0 ? RX_WAITING : RX_QUEUING;
}

/* It wakes for each frame once, or not, and drops it if there is nowhere to. */
static void rx_suspended(void)
{
    if (ins == 0) {
        return;
    }
    if (in[0].tried || !wakes) {
        drop_first();
        mac_missed();
        return;
    }
    in[0].tried = true;
    rx.state = FETCHING;
}

/* The frame is longer than the buffer. */
static void rx_overflow(void)
{
    mac_count.spanned++;
    if ((model_dma_rd(rx.word[3]) & OWN) == 0) {
        rx.status |= RDES0_DE | RDES0_LS | RDES0_ES;
        rx.done = in[0].len;
    }
    rx.state = RX_CLOSING;
}

static void rx_queue(void)
{
    size_t room = (rx.word[1] & SIZE_1) - rx.filled;
    size_t left = in[0].len - rx.done;
    size_t n = 1 + model_random(COPY_MAX);
    uint8_t *to = model_dma_bytes(rx.word[2], rx.word[1] & SIZE_1);

    n = n < left ? n : left;
    n = n < room ? n : room;
    memcpy(to + rx.filled, in[0].byte + rx.done, n);
    rx.filled += n;
    rx.done += n;
    if (rx.done == in[0].len) {
        rx.status |= RDES0_LS | (in[0].error ? RDES0_ES : 0);
        rx.state = RX_CLOSING;
    } else if (n == room) {
        rx_overflow();
    }
}

static void rx_close(void)
{
    bool last = (rx.status & RDES0_LS) != 0;
    bool quiet = (rx.word[1] & RDES1_DIC) != 0;

    if (last) {
        rx.status |= (uint32_t)in[0].len << 16;
        drop_first();
        rx.done = 0;
    }
    close(&rx, rx.status);
    if (last && !quiet) {
        mac_raise(SR_RS);
    }
}

static void rx_step(void)
{
    switch (rx.state) {
    case FETCHING:
        rx_fetch();
        break;
    case RX_WAITING:
        rx.state = ins > 0 ? RX_QUEUING : RX_WAITING;
        break;
    case RX_QUEUING:
        rx_queue();
        break;
    case RX_CLOSING:
        rx_close();
        break;
    case RX_SUSPENDED:
        rx_suspended();
        break;
    default:
        break;
    }
}

/* --- out -------------------------------------------------------------------------- */

static void check_tx(void)
{
    size_t len = tx.word[1] & SIZE_1;

    MODEL_RULE((tx.word[0] & ~TDES0_IC) ==
                   (OWN | TDES0_FS | TDES0_LS | TDES0_TCH),
               "TDES0 0x%08x: a chained descriptor with a whole frame is "
               "0xb0100000",
               tx.word[0]);
    MODEL_RULE((tx.word[1] & ~SIZE_1) == 0, "TDES1 0x%08x", tx.word[1]);
    MODEL_RULE(len >= 14 && len <= 1518, "a frame of %zu bytes", len);
    (void)model_dma_bytes(tx.word[2], len);
}

static void suspend_tx(void)
{
    if (!is_suspended(&tx)) {
        return;
    }
    tx.state = TX_SUSPENDED;
    mac_raise(SR_TBUS);
}

static void tx_fetch(void)
{
    if (tx.empty || !fetch(&tx)) {
        suspend_tx();
        return;
    }
    check_tx();
    tx.done = 0;
    tx.state = TX_READING;
}

static void tx_read(void)
{
    size_t left = (tx.word[1] & SIZE_1) - tx.done;
    size_t n = 1 + model_random(COPY_MAX);
    const uint8_t *from = model_dma_bytes(tx.word[2], tx.word[1] & SIZE_1);

    n = n < left ? n : left;
    memcpy(out + tx.done, from + tx.done, n);
    tx.done += n;
    if (n == left) {
        tx.state = TX_WAITING;
    }
}

/* On the cable; half duplex may collide for too often. */
static void tx_send(void)
{
    if (!mac_sends() || !model_chance(3)) {
        return;
    }
    tx.status = TDES0_FS | TDES0_LS | TDES0_TCH;
    if (mac_half() && model_chance(16)) {
        mac_count.collisions++;
        tx.status |= TDES0_ES | TDES0_EC;
    } else {
        mac_sent(out, tx.done, mac_live());
    }
    tx.state = TX_CLOSING;
}

static void tx_step(void)
{
    bool interrupts = (tx.word[0] & TDES0_IC) != 0;

    switch (tx.state) {
    case FETCHING:
        tx_fetch();
        break;
    case TX_READING:
        tx_read();
        break;
    case TX_WAITING:
        tx_send();
        break;
    case TX_CLOSING:
        close(&tx, tx.status);
        if (interrupts) {
            mac_raise(SR_TS);
        }
        break;
    default:
        break;
    }
}

/* --- both --------------------------------------------------------------------------- */

void dma_reset(bool demands_are_kept, bool wakes_for_frames)
{
    mac_count.reset += ins;
    memset(&rx, 0, sizeof rx);
    memset(&tx, 0, sizeof tx);
    ins = 0;
    in_used = 0;
    watches = 0;
    failing = false;
    failed = false;
    remembers = demands_are_kept;
    wakes = wakes_for_frames;
}

void dma_start(uint32_t rx_at, uint32_t tx_at)
{
    rx.at = rx_at;
    tx.at = tx_at;
    watch_ring(rx_at);
    watch_ring(tx_at);
    rx.state = tx.state = FETCHING;
}

static bool moves(const struct engine *e)
{
    return e->state != STOPPED && e->state != RX_SUSPENDED &&
           e->state != TX_SUSPENDED;
}

void dma_step(void)
{
    check_watches();
    if (failed || (failing && (moves(&rx) || moves(&tx)) && !bus())) {
        return;
    }
    if (model_chance(2)) {
        rx_step();
    } else {
        tx_step();
    }
}

void dma_demand_rx(void)
{
    if (rx.state == RX_SUSPENDED) {
        rx.state = FETCHING;
    } else {
        rx.demanded = rx.empty;
    }
}

void dma_demand_tx(void)
{
    if (tx.state == TX_SUSPENDED) {
        tx.state = FETCHING;
    } else {
        tx.demanded = tx.empty;
    }
}

void dma_fail(void)
{
    failing = dma_runs();
}

bool dma_runs(void)
{
    return rx.state != STOPPED && !failed;
}

bool dma_idle(void)
{
    return ins == 0 && (rx.state == RX_WAITING || rx.state == RX_SUSPENDED) &&
           tx.state == TX_SUSPENDED;
}

uint32_t dma_states(void)
{
    return (uint32_t)rx.state << 17 | (uint32_t)tx.state << 20;
}
