/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A channel in steps, each of at most one access to memory:
 *
 *     stopped ─► fetch ─► move ... ─► close ... ─► fetch
 *                  │ at the tail, or not its own
 *                  └─► dozes ─► sleeps: until the tail is written
 */
#include "mac_qos_parts.h"

#include "model.h"

#include <string.h>

#define OWN BIT(31)
#define FD BIT(29)
#define LD BIT(28)
#define ES BIT(15)

#define RX_READ (OWN | BIT(30) | BIT(24)) /* OWN, IOC, BUF1V */
#define RX_IOC BIT(30)
#define RX_BUF1V BIT(24)

#define TX_IOC BIT(31)
#define TX_B1L BITS(0, 14)
#define TX_FL BITS(0, 15)

#define FRAMES 32
#define CHUNK 400 /* bytes of a burst, at most */
#define DOZE 20   /* steps, at most */

enum doing { STOPPED, FETCH, MOVE, CLOSE, DOZES, SLEEPS, FAILED };

struct channel {
    enum doing doing;
    struct dma_ring ring;
    uint32_t at; /* the descriptor's index */
    uint32_t control, buffer;
    uint32_t moved;  /* bytes of the frame */
    unsigned closed; /* words of the descriptor */
    unsigned left;   /* steps, while it dozes */
    bool whole;      /* store and forward */
};

struct frame {
    uint32_t len, flaws;
    uint8_t bytes[FRAME_ROOM];
};

static struct {
    struct channel ch;
    uint32_t size, filled; /* of a buffer */
    struct frame queue[FRAMES];
    unsigned head, count;
    uint32_t bytes;
} rx;

static struct {
    struct channel ch;
    uint32_t len;
    uint32_t error;
    uint8_t bytes[QUEUE];
} tx;

static struct {
    bool fails, overlooks, early;
} dma;

/* --- rings -------------------------------------------------------------------- */

static uint32_t des(const struct channel *ch)
{
    return ch->ring.base + ch->at * (16 + 4 * ch->ring.skip);
}

static void check_tail(const struct channel *ch, uint32_t tail)
{
    uint32_t stride = 16 + 4 * ch->ring.skip;
    uint32_t off = tail - ch->ring.base;

    MODEL_RULE(off % stride == 0 && off / stride < ch->ring.count,
               "tail 0x%08x is no descriptor of the ring at 0x%08x", tail,
               ch->ring.base);
}

static void start(struct channel *ch, const struct dma_ring *ring)
{
    ch->ring = *ring;
    ch->at = 0;
    ch->moved = 0;
    ch->closed = 0;
    ch->doing = FETCH;
    MODEL_RULE(ring->base % 4 == 0 && ring->count > 1, "there is no ring");
    check_tail(ch, ring->tail);
    (void)model_dma_bytes(ring->base, ring->count * (16 + 4 * ring->skip));
}

static void doze(struct channel *ch)
{
    ch->doing = DOZES;
    ch->left = 1 + model_random(DOZE);
}

/* The tail wakes who sleeps; who dozes may not hear. */
static void set_tail(struct channel *ch, uint32_t tail)
{
    ch->ring.tail = tail;
    if (ch->doing == STOPPED || ch->doing == FAILED) {
        return;
    }
    check_tail(ch, tail);
    if (ch->doing == SLEEPS || (ch->doing == DOZES && !dma.overlooks)) {
        ch->doing = FETCH;
    }
}

static bool fails(struct channel *ch, uint32_t status)
{
    if (!dma.fails) {
        return false;
    }
    dma.fails = false;
    ch->doing = FAILED;
    mac_fatal(status);
    return true;
}

/* A burst, of what is left. */
static uint32_t chunk(uint32_t left)
{
    uint32_t n = 1 + model_random(CHUNK);

    return n < left ? n : left;
}

static void next(struct channel *ch)
{
    ch->at = (ch->at + 1) % ch->ring.count;
    ch->closed = 0;
    ch->doing = FETCH;
}

/* The descriptor's last word; 0: there is none to go on with. */
static uint32_t fetch(struct channel *ch)
{
    uint32_t word;

    if (des(ch) == ch->ring.tail) {
        doze(ch);
        return 0;
    }
    word = model_dma_rd(des(ch) + 12);
    if ((word & OWN) == 0) {
        doze(ch);
        return 0;
    }
    return word;
}

/* --- RX ----------------------------------------------------------------------- */

static void rx_fetch(void)
{
    uint32_t word;

    if ((rx.count == 0 && !dma.early) || fails(&rx.ch, SR_RPS)) {
        return;
    }
    word = fetch(&rx.ch);
    if (word == 0) {
        return;
    }
    MODEL_RULE((word & ~RX_READ) == 0, "RDES3: 0x%08x", word);
    MODEL_RULE((word & RX_BUF1V) != 0, "RDES3: no buffer");
    MODEL_RULE(model_dma_rd(des(&rx.ch) + 4) == 0, "RDES1 is reserved");
    MODEL_RULE(model_dma_rd(des(&rx.ch) + 8) == 0, "RDES2: BUF2V is not set");
    rx.ch.control = word;
    rx.ch.buffer = model_dma_rd(des(&rx.ch));
    MODEL_RULE(rx.ch.buffer % 4 == 0, "RX buffer at 0x%08x", rx.ch.buffer);
    (void)model_dma_bytes(rx.ch.buffer, rx.size);
    rx.filled = 0;
    rx.ch.doing = MOVE;
}

/* Without store and forward it begins before the end is there. */
static void rx_move(void)
{
    struct frame *f = &rx.queue[rx.head];
    uint32_t n;

    if (rx.count == 0 || fails(&rx.ch, SR_RPS)) {
        return;
    }
    if (!rx.ch.whole && rx.ch.moved == 0 && model_chance(8)) {
        f->flaws |= RX_OE;
    }
    n = chunk(f->len - rx.ch.moved);
    n = n < rx.size - rx.filled ? n : rx.size - rx.filled;
    memcpy(model_dma_bytes(rx.ch.buffer + rx.filled, n), f->bytes + rx.ch.moved,
           n);
    rx.ch.moved += n;
    rx.filled += n;
    if (rx.ch.moved == f->len || rx.filled == rx.size) {
        rx.ch.doing = CLOSE;
    }
}

static void rx_leave(void)
{
    rx.bytes -= rx.queue[rx.head].len;
    rx.head = (rx.head + 1) % FRAMES;
    rx.count--;
    rx.ch.moved = 0;
}

/* All four words are written, whatever of them is valid (RS0V, RS1V, RS2V). */
static void rx_close(void)
{
    const struct frame *f = &rx.queue[rx.head];
    bool first = rx.ch.moved == rx.filled, last = rx.ch.moved == f->len;
    uint32_t word;

    if (fails(&rx.ch, SR_RPS)) {
        return;
    }
    if (rx.ch.closed < 3) {
        model_dma_wr(des(&rx.ch) + 4 * rx.ch.closed, model_random(UINT32_MAX));
        rx.ch.closed++;
        return;
    }
    word = (first ? FD : 0) | (last ? LD : 0) | (model_random(8) << 25);
    if (last) {
        word |= f->flaws | (f->flaws != 0 ? ES : 0) | f->len;
    }
    model_dma_wr(des(&rx.ch) + 12, word);
    mac_count.spanned += first && !last;
    if (last) {
        rx_leave();
    }
    if ((rx.ch.control & RX_IOC) != 0 && last) {
        mac_raise(SR_RI);
    }
    next(&rx.ch);
}

bool dma_take(const uint8_t *frame, size_t len, uint32_t flaws)
{
    struct frame *f = &rx.queue[(rx.head + rx.count) % FRAMES];

    if (rx.count == FRAMES || rx.bytes + len > QUEUE) {
        return false;
    }
    f->len = (uint32_t)len;
    f->flaws = flaws;
    memcpy(f->bytes, frame, len);
    rx.bytes += f->len;
    rx.count++;
    return true;
}

/* --- TX ----------------------------------------------------------------------- */

static void tx_fetch(void)
{
    uint32_t word, len;

    if (fails(&tx.ch, SR_TPS)) {
        return;
    }
    word = fetch(&tx.ch);
    if (word == 0) {
        return;
    }
    MODEL_RULE((word & ~(OWN | FD | LD | TX_FL)) == 0, "TDES3: 0x%08x", word);
    MODEL_RULE((word & FD) != 0 && (word & LD) != 0,
               "TDES3: 0x%08x, a part of a frame", word);
    len = model_dma_rd(des(&tx.ch) + 8);
    MODEL_RULE((len & ~(TX_IOC | TX_B1L)) == 0, "TDES2: 0x%08x", len);
    MODEL_RULE(model_dma_rd(des(&tx.ch) + 4) == 0, "TDES1: there is no second");
    tx.ch.control = len & TX_IOC;
    tx.len = len & TX_B1L;
    MODEL_RULE(tx.len == (word & TX_FL), "TDES3: FL %u of %u", word & TX_FL,
               tx.len);
    MODEL_RULE(tx.len >= 14 && tx.len <= 1518, "%u bytes out", tx.len);
    tx.ch.buffer = model_dma_rd(des(&tx.ch));
    (void)model_dma_bytes(tx.ch.buffer, tx.len);
    tx.error = 0;
    tx.ch.doing = MOVE;
}

/* To the cable. Half a duplex may meet too many collisions. */
static void tx_put(void)
{
    if (!mac_sends()) {
        return;
    }
    if (mac_half() && model_chance(16)) {
        tx.error = ES | BIT(8);
        mac_count.collisions++;
        mac_sent(tx.bytes, tx.len, false);
    } else if (!tx.ch.whole && model_chance(8)) {
        tx.error = ES | BIT(2);
    } else {
        mac_sent(tx.bytes, tx.len, mac_live());
    }
    tx.ch.doing = CLOSE;
}

static void tx_move(void)
{
    uint32_t n = tx.len - tx.ch.moved;

    if (n == 0) {
        tx_put();
        return;
    }
    if (fails(&tx.ch, SR_TPS)) {
        return;
    }
    n = chunk(n);
    memcpy(tx.bytes + tx.ch.moved,
           model_dma_bytes(tx.ch.buffer + tx.ch.moved, n), n);
    tx.ch.moved += n;
}

/* The time stamp's words are nobody's to rely on. */
static void tx_close(void)
{
    if (fails(&tx.ch, SR_TPS)) {
        return;
    }
    if (tx.ch.closed < 3) {
        model_dma_wr(des(&tx.ch) + 4 * tx.ch.closed, model_random(UINT32_MAX));
        tx.ch.closed++;
        return;
    }
    model_dma_wr(des(&tx.ch) + 12, FD | LD | tx.error);
    tx.ch.moved = 0;
    if (tx.ch.control != 0) {
        mac_raise(SR_TI);
    }
    next(&tx.ch);
}

/* --- both --------------------------------------------------------------------- */

static void step(struct channel *ch, uint32_t unavailable,
                 void (*const doing[])(void))
{
    if (ch->doing == DOZES && --ch->left == 0) {
        ch->doing = SLEEPS;
        mac_count.rx_suspended += unavailable == SR_RBU;
        mac_raise(unavailable);
    } else if (ch->doing >= FETCH && ch->doing <= CLOSE) {
        doing[ch->doing]();
    }
}

void dma_step(void)
{
    static void (*const receive[])(void) = {
        [FETCH] = rx_fetch,
        [MOVE] = rx_move,
        [CLOSE] = rx_close,
    };
    static void (*const send[])(void) = {
        [FETCH] = tx_fetch,
        [MOVE] = tx_move,
        [CLOSE] = tx_close,
    };

    step(&rx.ch, SR_RBU, receive);
    step(&tx.ch, SR_TBU, send);
}

void dma_reset(void)
{
    mac_count.reset += rx.count;
    memset(&rx, 0, sizeof rx);
    memset(&tx, 0, sizeof tx);
    dma.fails = false;
}

/* Of this chip, for good. */
void dma_begin(void)
{
    dma.overlooks = model_chance(2);
    dma.early = model_chance(2);
}

bool dma_remembers(void)
{
    return !dma.overlooks;
}

void dma_fail(void)
{
    dma.fails = true;
}

void dma_start_rx(const struct dma_ring *ring, uint32_t buffer, bool whole)
{
    MODEL_RULE(buffer % 4 == 0 && buffer > 0, "DMACRCR.RBSZ %u", buffer);
    start(&rx.ch, ring);
    rx.size = buffer;
    rx.ch.whole = whole;
}

void dma_start_tx(const struct dma_ring *ring, bool whole)
{
    start(&tx.ch, ring);
    tx.ch.whole = whole;
}

void dma_stop_rx(void)
{
    rx.ch.doing = STOPPED;
}

void dma_stop_tx(void)
{
    tx.ch.doing = STOPPED;
}

void dma_tail_rx(uint32_t tail)
{
    set_tail(&rx.ch, tail);
}

void dma_tail_tx(uint32_t tail)
{
    set_tail(&tx.ch, tail);
}

static bool at_tail(const struct channel *ch)
{
    return ch->doing == SLEEPS && des(ch) == ch->ring.tail;
}

static bool halted(const struct channel *ch)
{
    return ch->doing == STOPPED || ch->doing == FAILED;
}

/* All is taken, of what it may take. */
bool dma_idle(void)
{
    bool rx_idle =
        rx.count == 0 && rx.ch.doing != DOZES && rx.ch.doing != CLOSE;

    return (rx_idle || halted(&rx.ch) || at_tail(&rx.ch)) &&
           (halted(&tx.ch) || at_tail(&tx.ch));
}
