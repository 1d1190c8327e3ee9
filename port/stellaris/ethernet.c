/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Ethernet MAC (data sheet 15): a FIFO of 2 KB each way behind one data
 * register, read and written in words.
 *
 *   in    | length of all this, 16 bits | frame ... | FCS, 4 bytes | to a word
 *   out   | length behind the 14 bytes of header, 16 bits | frame ... |
 *
 * So the frame is shifted by half a word against the FIFO in both directions.
 *
 * The interrupt only wakes the main loop, and acknowledges nothing but RX: to
 * write TXER resets the transmitter's FIFO, also in the middle of a frame.
 */
#include "board.h"
#include "regs.h"

#include "lwip/pbuf.h"

#include <string.h>

#define HEADER 14u
#define AROUND 6u /* length field and FCS */
#define FRAME_MAX 1518u
#define SPINS 200000u /* longer than a full frame at 10 Mbit/s takes */

_Static_assert(MX_PBUF_SIZE % 4 == 0, "all but the last pbuf take whole words");

static struct board_eth_stats stats;

int board_eth_start(uint8_t mac[6])
{
    uint32_t low = FLASH_USER_REG0;
    uint32_t high = FLASH_USER_REG1;

    for (unsigned i = 0; i < 3; i++) {
        mac[i] = (uint8_t)(low >> 8 * i);
        mac[i + 3] = (uint8_t)(high >> 8 * i);
    }
    MAC_IM = 0;
    MAC_RCTL = RCTL_RESET_FIFO;
    MAC_IA0 = (uint32_t)mac[0] | (uint32_t)mac[1] << 8 |
              (uint32_t)mac[2] << 16 | (uint32_t)mac[3] << 24;
    MAC_IA1 = (uint32_t)mac[4] | (uint32_t)mac[5] << 8;
    MAC_MDV = 9; /* management clock: 50 MHz / 20 */
    MAC_TCTL = TCTL_ENABLE | TCTL_PAD | TCTL_CRC | TCTL_DUPLEX;
    /* All groups: IPv6 neighbour discovery. */
    MAC_RCTL = RCTL_ENABLE | RCTL_MULTICAST | RCTL_REJECT_BAD_CRC;
    MAC_IACK = MAC_INT_RX;
    MAC_IM = MAC_INT_RX;
    NVIC_ENABLE(IRQ_ETHERNET);
    return 0;
}

void ethernet_interrupt(void)
{
    MAC_IACK = MAC_INT_RX;
}

bool ethernet_pending(void)
{
    return MAC_NP != 0;
}

const struct board_eth_stats *board_eth_stats(void)
{
    return &stats;
}

/* --- in ----------------------------------------------------------------- */

/* The next four bytes of the frame, from half a word and the next one. */
static uint32_t next_word(uint32_t *half)
{
    uint32_t word = MAC_DATA;
    uint32_t out = *half | word << 16;

    *half = word >> 16;
    return out;
}

static void skip(uint32_t words)
{
    while (words-- > 0) {
        (void)MAC_DATA;
    }
}

/* Fills the chain; how many words that took from the FIFO. */
static uint32_t fill(struct pbuf *p, uint32_t half)
{
    uint32_t words = 0;

    for (; p != NULL; p = p->next) {
        uint8_t *at = p->payload;
        uint32_t left = p->len;

        for (; left > 0; words++) {
            uint32_t word = next_word(&half);
            uint32_t n = left < 4 ? left : 4;

            memcpy(at, &word, n);
            at += n;
            left -= n;
        }
    }
    return words;
}

struct pbuf *board_eth_receive(bool *more)
{
    struct pbuf *p = NULL;
    uint32_t first, total, len;

    if ((MAC_RIS & MAC_INT_FOV) != 0) {
        MAC_IACK = MAC_INT_FOV; /* this bit alone, see above */
        stats.overruns++;
    }
    *more = MAC_NP != 0;
    if (!*more) {
        return NULL;
    }
    first = MAC_DATA;
    total = first & 0xffff;
    len = total - AROUND;
    if (total < AROUND + HEADER || len > FRAME_MAX) {
        stats.broken++;
        /* Where the next one begins nobody knows. */
        MAC_RCTL |= RCTL_RESET_FIFO;
        *more = false;
        return NULL;
    }
    p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    total = (total + 3) / 4 - 1; /* words to come */
    if (p == NULL) {
        stats.no_pbuf++;
        skip(total);
        return NULL;
    }
    stats.received++;
    skip(total - fill(p, first >> 16));
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
        MAC_DATA = f->word;
        f->word = 0;
        f->shift = 0;
    }
}

bool board_eth_send(const struct pbuf *frame)
{
    struct feeder f = {.word = (uint32_t)frame->tot_len - HEADER, .shift = 16};

    for (uint32_t i = 0; (MAC_TR & TR_NEW) != 0; i++) {
        if (i == SPINS) {
            stats.stuck++;
            return false;
        }
    }
    for (const struct pbuf *p = frame; p != NULL; p = p->next) {
        const uint8_t *at = p->payload;

        for (u16_t i = 0; i < p->len; i++) {
            feed(&f, at[i]);
        }
    }
    while (f.shift != 0) { /* to a whole word; the MAC does not send these */
        feed(&f, 0);
    }
    MAC_TR = TR_NEW;
    stats.sent++;
    return true;
}
