/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The DMA's rings (RM0090 33.6): descriptors of eight words, each with the
 * address of the next. OWN says whose one is.
 *
 *     RX   all are the DMA's, but for those from `next` on that have a frame
 *     TX   `busy` from `done` on are the DMA's, or sent and not seen yet
 *
 * A frame is a descriptor: a buffer holds the longest. What spans more, FS and
 * LS apart, is too long and dropped. FCS comes with the frame.
 */
#include "base.h"
#include "eth_v1.h"
#include "hw.h"
#include "regs/eth_v1.h"

#include "lwip/pbuf.h"

#define FCS 4u
#define FRAME_MIN 64u   /* with FCS */
#define FRAME_MAX 1522u /* VLAN tag too */
#define RX_BUFFER 1524u /* a whole number of words */

_Static_assert(MX_PBUF_SIZE >= RX_BUFFER, "a frame is one pbuf");
_Static_assert(PBUF_POOL_SIZE > ETH_RX_RING, "the ring has pbufs for good");

struct eth_rx eth_v1_rx;
struct eth_tx eth_v1_tx;
static struct eth_rx *const rx = &eth_v1_rx;
static struct eth_tx *const tx = &eth_v1_tx;

static uint32_t rx_at(unsigned i)
{
    return hw_address(rx->descriptor[i % ETH_RX_RING]);
}

static uint32_t tx_at(unsigned i)
{
    return hw_address(tx->descriptor[i % ETH_TX_RING]);
}

/* --- in ------------------------------------------------------------------- */

static void give(unsigned i)
{
    hw_wr(rx_at(i) + ETH_RDES1,
          ETH_RDES1_RCH | hw_field(ETH_RDES1_RBS1, RX_BUFFER));
    hw_wr(rx_at(i) + ETH_RDES2, hw_address(rx->pbuf[i]->payload));
    hw_wr(rx_at(i) + ETH_RDES3, rx_at(i + 1));
    hw_barrier(); /* OWN is the last that DMA sees */
    hw_wr(rx_at(i) + ETH_RDES0, ETH_RDES0_OWN);
}

bool ring_fill(void)
{
    for (unsigned i = 0; i < ETH_RX_RING; i++) {
        if (rx->pbuf[i] == NULL) {
            rx->pbuf[i] = pbuf_alloc(PBUF_RAW, RX_BUFFER, PBUF_POOL);
            if (rx->pbuf[i] == NULL) {
                return false;
            }
            give(i);
        }
    }
    return true;
}

static bool closed(unsigned i)
{
    return (hw_rd(rx_at(i)) & ETH_RDES0_OWN) == 0;
}

bool eth_pending(void)
{
    return rx->pbuf[rx->next] != NULL && closed(rx->next);
}

static bool whole(uint32_t status)
{
    uint32_t want = ETH_RDES0_FS | ETH_RDES0_LS;
    uint32_t len = hw_value(ETH_RDES0_FL, status);

    return (status & (want | ETH_RDES0_ES)) == want && len >= FRAME_MIN &&
           len <= FRAME_MAX;
}

/* The frame in *slot, which has a new pbuf then; NULL: dropped and counted, what
 * spans more than one descriptor at the last of them. */
static struct pbuf *take(struct pbuf **slot, uint32_t status)
{
    struct pbuf *frame = *slot;
    struct pbuf *fresh;

    if (!whole(status)) {
        eth_v1_stats.broken += (status & ETH_RDES0_LS) != 0;
        return NULL;
    }
    fresh = pbuf_alloc(PBUF_RAW, RX_BUFFER, PBUF_POOL);
    if (fresh == NULL) {
        eth_v1_stats.no_pbuf++;
        return NULL;
    }
    *slot = fresh;
    pbuf_realloc(frame, (u16_t)(hw_value(ETH_RDES0_FL, status) - FCS));
    eth_v1_stats.received++;
    return frame;
}

/* RBUS stays until it is cleared; what says that the DMA waits is its state. */
static void resume_rx(void)
{
    uint32_t status;

    hw_barrier(); /* OWN is there before it is suspended, or after */
    status = hw_rd(ETH_BASE + ETH_DMASR);
    if ((status & ETH_DMASR_RBUS) != 0) {
        hw_wr(ETH_BASE + ETH_DMASR, ETH_DMASR_RBUS);
        eth_v1_stats.unavailable++;
    }
    if (hw_value(ETH_DMASR_RPS, status) == ETH_DMASR_RPS_SUSPENDED) {
        hw_wr(ETH_BASE + ETH_DMARPDR, 0);
    }
}

struct pbuf *eth_receive(bool *more)
{
    struct pbuf *frame;

    *more = eth_pending();
    if (!*more) {
        return NULL;
    }
    hw_barrier(); /* what is read behind OWN is the frame's */
    frame = take(&rx->pbuf[rx->next], hw_rd(rx_at(rx->next)));
    give(rx->next);
    rx->next = (rx->next + 1) % ETH_RX_RING;
    resume_rx();
    return frame;
}

/* --- out ------------------------------------------------------------------ */

static void reap(void)
{
    while (tx->busy > 0) {
        uint32_t status = hw_rd(tx_at(tx->done));

        if ((status & ETH_TDES0_OWN) != 0) {
            return;
        }
        if ((status & ETH_TDES0_ES) != 0) {
            eth_v1_stats.stuck++;
        } else {
            eth_v1_stats.sent++;
        }
        tx->done = (tx->done + 1) % ETH_TX_RING;
        tx->busy--;
    }
}

bool ring_send(const struct pbuf *frame)
{
    uint32_t at = tx_at(tx->next);
    uint8_t *buffer = tx->buffer[tx->next];

    reap();
    if (tx->busy == ETH_TX_RING || frame->tot_len > ETH_TX_BUFFER) {
        return false;
    }
    pbuf_copy_partial(frame, buffer, frame->tot_len, 0);
    hw_wr(at + ETH_TDES1, hw_field(ETH_TDES1_TBS1, frame->tot_len));
    hw_wr(at + ETH_TDES2, hw_address(buffer));
    hw_barrier(); /* OWN is the last that DMA sees */
    hw_wr(at + ETH_TDES0,
          ETH_TDES0_OWN | ETH_TDES0_FS | ETH_TDES0_LS | ETH_TDES0_TCH);
    tx->next = (tx->next + 1) % ETH_TX_RING;
    tx->busy++;
    hw_barrier(); /* OWN is there when it looks */
    hw_wr(ETH_BASE + ETH_DMATPDR, 0);
    return true;
}

static void resume_tx(void)
{
    uint32_t status = hw_rd(ETH_BASE + ETH_DMASR);

    reap();
    if (tx->busy > 0 &&
        hw_value(ETH_DMASR_TPS, status) == ETH_DMASR_TPS_SUSPENDED) {
        hw_wr(ETH_BASE + ETH_DMATPDR, 0);
    }
}

/* --- both ----------------------------------------------------------------- */

void ring_start(void)
{
    unsigned first = rx->next;

    for (unsigned i = 0; i < ETH_RX_RING && closed(first); i++) {
        first = (first + 1) % ETH_RX_RING;
    }
    hw_wr(ETH_BASE + ETH_DMARDLAR, rx_at(first));
    reap();
    eth_v1_stats.stuck += tx->busy;
    for (unsigned i = 0; i < ETH_TX_RING; i++) {
        hw_wr(tx_at(i) + ETH_TDES0, ETH_TDES0_TCH);
        hw_wr(tx_at(i) + ETH_TDES3, tx_at(i + 1));
    }
    tx->next = tx->done = tx->busy = 0;
    hw_wr(ETH_BASE + ETH_DMATDLAR, tx_at(0));
}

void ring_poll(void)
{
    resume_rx();
    resume_tx();
}
