/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SMSC's LAN9118 and its kin: a FIFO each way for frames, in words of which the
 * first byte of the frame is the lowest.
 *
 *   in    RX_STATUS: length with FCS, errors │ RX_DATA: frame, FCS, to a word
 *   out   TX_DATA: command A │ command B: length │ frame, to a word
 *
 * The MAC's own registers stand behind MAC_CSR_CMD, the PHY's behind two of
 * those. Only full duplex is offered to the other end of the cable, so that
 * the MAC need not be told what they agreed on.
 *
 * The FIFO in holds seven full frames, which come in a millisecond, and a TLS
 * handshake takes longer. So the interrupt moves them into a ring that has room
 * for every session's window, and the main loop takes them from there.
 */
#include "board.h"
#include "regs.h"
#include "tinymx/err.h"

#include "lwip/pbuf.h"

#include <string.h>

#define HEADER 14u
#define FCS 4u
#define FRAME_MAX 1518u
#define FRAME_WORDS (1 + (FRAME_MAX + 3) / 4) /* in the ring */
#define COMMANDS 8u
#define SPINS 200000u /* longer than anything here takes */

/* A power of two, since positions count on across the wrap. */
#define RING 32768u
_Static_assert((RING & (RING - 1)) == 0, "positions wrap");
_Static_assert(RING * 4 >= MX_SESSIONS * MX_TCP_WND + MX_SESSIONS * 64,
               "every session's window");

static struct board_eth_stats stats;

/* Of each frame a word with its length, then the frame, FCS, to a word. */
static volatile uint32_t ring[RING];
static volatile uint32_t head; /* the interrupt's */
static volatile uint32_t tail; /* the main loop's */
static volatile bool full; /* frames wait in the FIFO, the interrupt is off */

/* --- registers ---------------------------------------------------------- */

/* Until `mask` of the register is `value`. */
static bool wait(const volatile uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (uint32_t i = 0; i < SPINS; i++) {
        if ((*reg & mask) == value) {
            return true;
        }
    }
    return false;
}

static bool mac_read(uint32_t number, uint32_t *value)
{
    MAC_CSR_CMD = CSR_BUSY | CSR_READ | number;
    if (!wait(&MAC_CSR_CMD, CSR_BUSY, 0)) {
        return false;
    }
    *value = MAC_CSR_DATA;
    return true;
}

static bool mac_write(uint32_t number, uint32_t value)
{
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = CSR_BUSY | number;
    return wait(&MAC_CSR_CMD, CSR_BUSY, 0);
}

static bool phy_write(uint32_t number, uint32_t value)
{
    uint32_t access = MII_BUSY;

    if (!mac_write(MAC_MII_DATA, value) ||
        !mac_write(MAC_MII_ACC, MII_REGISTER(number) | MII_WRITE | MII_BUSY)) {
        return false;
    }
    for (uint32_t i = 0; i < SPINS && (access & MII_BUSY) != 0; i++) {
        if (!mac_read(MAC_MII_ACC, &access)) {
            return false;
        }
    }
    return (access & MII_BUSY) == 0;
}

/* --- start -------------------------------------------------------------- */

/* A chip that answers, is reset, and has its address from its EEPROM. */
static bool reset(void)
{
    if (!wait(&BYTE_TEST, UINT32_MAX, BYTE_TEST_VALUE)) {
        return false;
    }
    HW_CFG = HW_RESET;
    return wait(&HW_CFG, HW_RESET, 0) &&
           wait(&PMT_CTRL, PMT_READY, PMT_READY) && wait(&E2P_CMD, E2P_BUSY, 0);
}

/* Without an EEPROM the address is all ones: a group's, and nobody's. */
static bool get_address(uint8_t mac[6])
{
    uint32_t low, high;

    if (!mac_read(MAC_ADDRL, &low) || !mac_read(MAC_ADDRH, &high)) {
        return false;
    }
    for (unsigned i = 0; i < 4; i++) {
        mac[i] = (uint8_t)(low >> 8 * i);
    }
    mac[4] = (uint8_t)high;
    mac[5] = (uint8_t)(high >> 8);
    return (mac[0] & 1) == 0;
}

int board_eth_start(uint8_t mac[6])
{
    if (!reset() || !get_address(mac) ||
        !phy_write(PHY_ADVERTISE, ADVERTISE_FULL_DUPLEX) ||
        !phy_write(PHY_CONTROL, CONTROL_NEGOTIATE)) {
        return MX_EIO;
    }
    HW_CFG = HW_MUST_BE_ONE | HW_TX_FIFO_5K;
    RX_CFG = 0;
    TX_CFG = TX_ON | TX_STATUS_OVERRUN;
    /* All groups: IPv6 neighbour discovery. */
    if (!mac_write(MAC_CR, CR_FULL_DUPLEX | CR_ALL_MULTICAST | CR_TX | CR_RX)) {
        return MX_EIO;
    }
    FIFO_INT = FIFO_INT_EVERY_FRAME;
    IRQ_CFG = IRQ_ACTIVE_HIGH;
    INT_EN = INT_RX_STATUS;
    NVIC_ENABLE(IRQ_ETHERNET);
    return 0;
}

/* RX_DROP counts from the last time it was read. */
const struct board_eth_stats *board_eth_stats(void)
{
    stats.overruns += RX_DROP;
    return &stats;
}

/* --- in ----------------------------------------------------------------- */

static uint32_t frames_in(void)
{
    return RX_FIFO_INF >> 16 & 0xff;
}

/* The length is right even of a broken frame: the FIFOs stay in step. */
static void take_frame(void)
{
    uint32_t status = RX_STATUS;
    uint32_t len = RX_LENGTH(status);
    uint32_t at = head;

    if ((status & RX_ERROR) != 0 || len < HEADER + FCS || len > FRAME_MAX) {
        stats.broken++;
        for (uint32_t i = 0; i < len; i += 4) {
            (void)RX_DATA;
        }
        return;
    }
    ring[at++ % RING] = len;
    for (uint32_t i = 0; i < len; i += 4) {
        ring[at++ % RING] = RX_DATA;
    }
    head = at;
}

/* Acknowledged first: a frame that comes later asks again. */
void ethernet_interrupt(void)
{
    INT_STS = INT_RX_STATUS;
    while (frames_in() != 0 && RING - (head - tail) >= FRAME_WORDS) {
        take_frame();
    }
    full = frames_in() != 0 && RING - (head - tail) < FRAME_WORDS;
    INT_EN = full ? 0 : INT_RX_STATUS;
}

bool ethernet_pending(void)
{
    return head != tail;
}

_Static_assert(MX_PBUF_SIZE % 4 == 0, "all but the last pbuf take whole words");

static void fill(struct pbuf *p, uint32_t at)
{
    for (; p != NULL; p = p->next) {
        uint8_t *to = p->payload;
        uint32_t left = p->len;

        while (left > 0) {
            uint32_t word = ring[at++ % RING];
            uint32_t n = left < 4 ? left : 4;

            memcpy(to, &word, n);
            to += n;
            left -= n;
        }
    }
}

struct pbuf *board_eth_receive(bool *more)
{
    uint32_t at = tail;
    struct pbuf *p;
    uint32_t len;

    *more = at != head;
    if (!*more) {
        return NULL;
    }
    len = ring[at++ % RING];
    p = pbuf_alloc(PBUF_RAW, (u16_t)(len - FCS), PBUF_POOL);
    if (p == NULL) {
        stats.no_pbuf++;
    } else {
        stats.received++;
        fill(p, at);
    }
    tail = at + (len + 3) / 4;
    if (full) {
        NVIC_PEND(IRQ_ETHERNET);
    }
    return p;
}

/* --- out ---------------------------------------------------------------- */

/* Bytes on their way into the FIFO, four at a time. */
struct feeder {
    uint32_t word;
    unsigned shift;
};

static void feed(struct feeder *f, uint8_t byte)
{
    f->word |= (uint32_t)byte << f->shift;
    f->shift += 8;
    if (f->shift == 32) {
        TX_DATA = f->word;
        f->word = 0;
        f->shift = 0;
    }
}

/* TX_FIFO_INF: room for data in its lower half. */
static bool wait_for_room(uint32_t bytes)
{
    for (uint32_t i = 0; i < SPINS; i++) {
        if ((TX_FIFO_INF & 0xffff) >= bytes) {
            return true;
        }
    }
    return false;
}

bool board_eth_send(const struct pbuf *frame)
{
    uint32_t len = frame->tot_len;
    struct feeder f = {0};

    if (!wait_for_room(COMMANDS + len + 3)) {
        stats.stuck++;
        return false;
    }
    TX_DATA = TX_FIRST | TX_LAST | len;
    TX_DATA = len;
    for (const struct pbuf *p = frame; p != NULL; p = p->next) {
        const uint8_t *at = p->payload;

        for (u16_t i = 0; i < p->len; i++) {
            feed(&f, at[i]);
        }
    }
    while (f.shift != 0) { /* to a whole word; the MAC does not send these */
        feed(&f, 0);
    }
    stats.sent++;
    return true;
}
