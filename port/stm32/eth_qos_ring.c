/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * In (RM0433 58, receive descriptor): the DMA writes its status over the address
 * of the buffer, so all of a descriptor is written anew each time.
 *
 *           what the DMA reads             what it writes back
 *     DES0  buffer                         VLAN tags
 *     DES1  -                              status, of what we do not use
 *     DES2  second buffer: none            status, of filters
 *     DES3  OWN, IOC, BUF1V                FD, LD, errors, length with FCS
 *
 * A frame that is longer than a buffer goes on in the next one, and is dropped.
 * Context descriptors (CTXT) come with time stamps, which are off.
 */
#include "eth_qos.h"

#include "hw.h"

#include "base.h"
#include "regs/eth_qos.h"

#include "tinymx/config.h"

#include "lwip/pbuf.h"

#define FCS 4u
#define FRAME_MIN 64u   /* with FCS */
#define FRAME_MAX 1518u /* without, but with a VLAN tag */

#define BUFFER 1524u /* FRAME_MAX and FCS, to whole words */
_Static_assert(MX_PBUF_SIZE >= BUFFER, "a frame fits one pbuf");
_Static_assert(PBUF_POOL_SIZE > ETH_RX_RING, "the ring has pbufs for good");
_Static_assert(ETH_TX_BUFFER >= FRAME_MAX, "a frame fits a buffer");

struct eth_rx eth_qos_rx;
struct eth_tx eth_qos_tx;
struct eth_stats eth_qos_stats;

static struct eth_rx *const rx = &eth_qos_rx;
static struct eth_tx *const tx = &eth_qos_tx;
static struct eth_stats *const stats = &eth_qos_stats;

static uint32_t rx_at(unsigned i)
{
    return hw_address(rx->descriptor[i % ETH_RX_RING]);
}

static uint32_t tx_at(unsigned i)
{
    return hw_address(tx->descriptor[i % ETH_TX_RING]);
}

/* --- in ----------------------------------------------------------------- */

static bool is_ours(unsigned i)
{
    return (hw_rd(rx_at(i) + ETH_RDES3) & ETH_RDES3_OWN) == 0;
}

/* Who had the pbuf last may have written to it. */
static void rx_give(unsigned i)
{
    hw_wr(rx_at(i) + ETH_RDES0, hw_address(rx->pbuf[i]->payload));
    hw_wr(rx_at(i) + ETH_RDES1, 0);
    hw_wr(rx_at(i) + ETH_RDES2, 0);
    hw_barrier();
    hw_wr(rx_at(i) + ETH_RDES3,
          ETH_RDES3_OWN | ETH_RDES3_IOC | ETH_RDES3_BUF1V);
}

bool ring_fill(void)
{
    for (unsigned i = 0; i < ETH_RX_RING; i++) {
        if (rx->pbuf[i] == NULL) {
            rx->pbuf[i] = pbuf_alloc(PBUF_RAW, BUFFER, PBUF_POOL);
        }
        if (rx->pbuf[i] == NULL) {
            return false;
        }
        rx_give(i);
    }
    return true;
}

static void rx_tail(unsigned i)
{
    hw_barrier();
    hw_wr(ETH_BASE + ETH_DMACRDTPR, rx_at(i));
}

/* Is the FCS behind the frame its own (IEEE 802.3 3.2.9)? */
static bool fcs_holds(const uint8_t *frame, uint32_t len)
{
    uint32_t crc = UINT32_MAX;

    for (uint32_t i = 0; i < len; i++) {
        crc ^= frame[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
        }
    }
    return crc == 0xdebb20e3u;
}

/* At 10 Mbit/s RMII may hand on a nibble too much, and with it the FCS is wrong
 * for the MAC; the bytes are as they should be (ES0392, fake dribble). */
static bool is_good(uint32_t status, const struct pbuf *frame)
{
    uint32_t len = hw_value(ETH_RDES3_PL, status);

    if (len < FRAME_MIN || len > BUFFER) {
        return false;
    }
    if ((status & ETH_RDES3_ES) == 0) {
        return true;
    }
    return (status & ETH_RDES3_DE) != 0 &&
           (status & (ETH_RDES3_GP | ETH_RDES3_RWT | ETH_RDES3_OE |
                      ETH_RDES3_RE)) == 0 &&
           fcs_holds(frame->payload, len);
}

/* The frame of the descriptor, which gets a new pbuf; or NULL, and it keeps its
 * own. A frame of many is counted by its end. */
static struct pbuf *rx_take(uint32_t status, struct pbuf **place)
{
    struct pbuf *frame = *place;
    struct pbuf *fresh;

    if ((status & (ETH_RDES3_CTXT | ETH_RDES3_LD)) != ETH_RDES3_LD) {
        return NULL;
    }
    if ((status & ETH_RDES3_FD) == 0 || !is_good(status, frame)) {
        stats->broken++;
        return NULL;
    }
    fresh = pbuf_alloc(PBUF_RAW, BUFFER, PBUF_POOL);
    if (fresh == NULL) {
        stats->no_pbuf++;
        return NULL;
    }
    *place = fresh;
    pbuf_realloc(frame, (u16_t)(hw_value(ETH_RDES3_PL, status) - FCS));
    stats->received++;
    return frame;
}

bool ring_pending(void)
{
    return is_ours(rx->next);
}

struct pbuf *ring_receive(bool *more)
{
    uint32_t status = hw_rd(rx_at(rx->next) + ETH_RDES3);
    struct pbuf *frame;

    *more = (status & ETH_RDES3_OWN) == 0;
    if (!*more) {
        return NULL;
    }
    hw_barrier(); /* the frame is read behind OWN */
    frame = rx_take(status, &rx->pbuf[rx->next]);
    rx_give(rx->next);
    rx_tail(rx->next);
    rx->next = (rx->next + 1) % ETH_RX_RING;
    return frame;
}

/* --- out ---------------------------------------------------------------- */

static void tx_tail(unsigned i)
{
    hw_barrier();
    hw_wr(ETH_BASE + ETH_DMACTDTPR, tx_at(i));
}

static void reap(void)
{
    while (tx->busy > 0) {
        uint32_t status = hw_rd(tx_at(tx->done) + ETH_TDES3);

        if ((status & ETH_TDES3_OWN) != 0) {
            return;
        }
        if ((status & ETH_TDES3_ES) != 0) {
            stats->stuck++;
        } else {
            stats->sent++;
        }
        tx->done = (tx->done + 1) % ETH_TX_RING;
        tx->busy--;
    }
}

bool ring_send(const struct pbuf *frame)
{
    uint32_t at = tx_at(tx->next);
    uint32_t *buffer = tx->buffer[tx->next];

    reap();
    if (tx->busy == ETH_TX_RING - 1 || frame->tot_len > FRAME_MAX) {
        return false;
    }
    (void)pbuf_copy_partial(frame, buffer, frame->tot_len, 0);
    hw_wr(at + ETH_TDES0, hw_address(buffer));
    hw_wr(at + ETH_TDES1, 0);
    hw_wr(at + ETH_TDES2, hw_field(ETH_TDES2_B1L, frame->tot_len));
    hw_barrier();
    hw_wr(at + ETH_TDES3, ETH_TDES3_OWN | ETH_TDES3_FD | ETH_TDES3_LD |
                              hw_field(ETH_TDES3_FL, frame->tot_len));
    tx->next = (tx->next + 1) % ETH_TX_RING;
    tx->busy++;
    tx_tail(tx->next);
    return true;
}

/* --- both --------------------------------------------------------------- */

/* The DMA begins with the first descriptor. So what came up, and was not looked
 * at, is moved to the end. */
static void rx_keep(void)
{
    struct pbuf *pbuf[ETH_RX_RING];
    uint32_t status[ETH_RX_RING];
    unsigned kept = 0;

    while (kept < ETH_RX_RING && is_ours(rx->next + kept)) {
        kept++;
    }
    for (unsigned i = 0; i < ETH_RX_RING; i++) {
        pbuf[i] = rx->pbuf[(rx->next + kept + i) % ETH_RX_RING];
        status[i] = hw_rd(rx_at(rx->next + kept + i) + ETH_RDES3);
    }
    rx->next = (ETH_RX_RING - kept) % ETH_RX_RING;
    for (unsigned i = 0; i < ETH_RX_RING; i++) {
        rx->pbuf[i] = pbuf[i];
        if (i < ETH_RX_RING - kept) {
            rx_give(i);
        } else {
            hw_wr(rx_at(i) + ETH_RDES3, status[i]);
        }
    }
}

static void rx_start(void)
{
    rx_keep();
    hw_wr(ETH_BASE + ETH_DMACRDLAR, rx_at(0));
    hw_wr(ETH_BASE + ETH_DMACRDRLR,
          hw_field(ETH_DMACRDRLR_RDRL, ETH_RX_RING - 1));
    rx_tail(rx->next + ETH_RX_RING - 1);
    hw_wr(ETH_BASE + ETH_DMACRCR,
          hw_field(ETH_DMACRCR_RBSZ, BUFFER) |
              hw_field(ETH_DMACRCR_RPBL, ETH_DMACRCR_RPBL_32) | ETH_DMACRCR_SR);
}

static void tx_start(void)
{
    reap();
    stats->stuck += tx->busy;
    tx->next = tx->done = tx->busy = 0;
    for (unsigned i = 0; i < ETH_TX_RING; i++) {
        hw_wr(tx_at(i) + ETH_TDES3, 0);
    }
    hw_wr(ETH_BASE + ETH_DMACTDLAR, tx_at(0));
    hw_wr(ETH_BASE + ETH_DMACTDRLR,
          hw_field(ETH_DMACTDRLR_TDRL, ETH_TX_RING - 1));
    tx_tail(0);
    hw_wr(ETH_BASE + ETH_DMACTCR,
          hw_field(ETH_DMACTCR_TPBL, ETH_DMACTCR_TPBL_32) | ETH_DMACTCR_ST);
}

/* One descriptor is right behind the other. */
void ring_start(void)
{
    hw_wr(ETH_BASE + ETH_DMACCR, hw_field(ETH_DMACCR_DSL, 0));
    tx_start();
    rx_start();
}

void ring_poll(void)
{
    reap();
    rx_tail(rx->next + ETH_RX_RING - 1);
    tx_tail(tx->next);
}
