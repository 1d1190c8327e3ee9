/* SPDX-License-Identifier: BSD-3-Clause */
/* Between mac_qos.c and dma_qos.c. The bits are written anew here: a slip in the
 * driver's is not to be the model's too. */
#ifndef TINYMX_TEST_STM32_MAC_QOS_PARTS_H
#define TINYMX_TEST_STM32_MAC_QOS_PARTS_H

#include "mac.h"

#define BIT(n) (1u << (n))
#define BITS(from, width) (((1u << (width)) - 1) << (from))

/* DMACSR, and DMACIER below bit 14 */
#define SR_TI BIT(0)
#define SR_TPS BIT(1)
#define SR_TBU BIT(2)
#define SR_RI BIT(6)
#define SR_RBU BIT(7)
#define SR_RPS BIT(8)
#define SR_FBE BIT(12)

/* RDES3, as written back */
#define RX_CE BIT(24)
#define RX_GP BIT(23)
#define RX_RWT BIT(22)
#define RX_OE BIT(21)
#define RX_RE BIT(20)
#define RX_DE BIT(19)

#define FCS 4u
#define QUEUE 2048u /* bytes, each way */
#define FRAME_ROOM 2100u

/* --- of mac_qos.c ---------------------------------------------------------- */

extern struct mac_counts mac_count;

void mac_raise(uint32_t status); /* in DMACSR */
void mac_fatal(uint32_t status); /* with what the bus said */
bool mac_sends(void);            /* TE, and clocks */
bool mac_half(void);
bool mac_live(void); /* the cable has what it sends */

/* --- of dma_qos.c ----------------------------------------------------------- */

struct dma_ring {
    uint32_t base, count, skip; /* descriptors; words between them */
    uint32_t tail;
};

void dma_begin(void);
void dma_reset(void);
void dma_step(void);
void dma_fail(void);
void dma_start_rx(const struct dma_ring *ring, uint32_t buffer, bool whole);
void dma_start_tx(const struct dma_ring *ring, bool whole);
void dma_stop_rx(void);
void dma_stop_tx(void);
void dma_tail_rx(uint32_t tail);
void dma_tail_tx(uint32_t tail);
bool dma_idle(void);
bool dma_remembers(void);

/* Into the RX queue, FCS included, with these bits of RDES3; false: it is full. */
bool dma_take(const uint8_t *frame, size_t len, uint32_t flaws);

#endif
