/* SPDX-License-Identifier: BSD-3-Clause */
/* Between mac_v1.c and dma_v1.c. The bits are written anew here: a slip in the
 * driver's is not to be the model's too. */
#ifndef TINYMX_TEST_STM32_MAC_V1_PARTS_H
#define TINYMX_TEST_STM32_MAC_V1_PARTS_H

#include "mac.h"

/* DMASR */
#define SR_TS (1u << 0)
#define SR_TBUS (1u << 2)
#define SR_RS (1u << 6)
#define SR_RBUS (1u << 7)
#define SR_FBES (1u << 13)

#define OMR_SR (1u << 1)
#define OMR_ST (1u << 13)

#define FIFO_SIZE 2048u
#define FCS 4u

/* --- of mac_v1.c ---------------------------------------------------------- */

extern struct mac_counts mac_count;

void mac_raise(uint32_t status); /* in DMASR */
bool mac_sends(void);            /* TE, and clocks */
bool mac_half(void);
bool mac_live(void);   /* the cable has what it sends */
void mac_missed(void); /* a frame, for want of a descriptor */
void mac_missed_overflow(void);

/* --- of dma_v1.c ------------------------------------------------------------ */

void dma_reset(bool remembers, bool wakes);
void dma_start(uint32_t rx, uint32_t tx);
void dma_step(void);
void dma_demand_rx(void);
void dma_demand_tx(void);
void dma_fail(void);
bool dma_idle(void);
bool dma_runs(void);
uint32_t dma_states(void); /* RPS and TPS, as in DMASR */

/* Into the RX FIFO, FCS included; false: it is full. */
bool dma_take(const uint8_t *frame, size_t len, bool error);

#endif
