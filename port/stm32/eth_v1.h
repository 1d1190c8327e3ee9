/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the three files of the driver for F4 and F7 are to each other.
 *
 *     eth_v1.c        the MAC: reset, settings, link, recovery
 *     eth_v1_ring.c   frames: the DMA's two rings of descriptors
 *     eth_v1_mdio.c   the PHY's registers: mdio_read(), mdio_write() of phy.h
 */
#ifndef TINYMX_STM32_ETH_V1_H
#define TINYMX_STM32_ETH_V1_H

#include "eth.h"

/* Descriptors. Each of RX keeps a pbuf of the pool for good, each of TX a buffer
 * for the longest frame, with a VLAN tag and without FCS. */
#define ETH_RX_RING 8
#define ETH_TX_RING 4
#define ETH_TX_BUFFER 1520u
#define ETH_DESCRIPTOR 8 /* words */

/* In memory that the DMA reaches: not in CCM. */
struct eth_rx {
    uint32_t descriptor[ETH_RX_RING][ETH_DESCRIPTOR];
    struct pbuf *pbuf[ETH_RX_RING];
    unsigned next; /* to be looked at */
};
struct eth_tx {
    uint32_t descriptor[ETH_TX_RING][ETH_DESCRIPTOR];
    uint8_t buffer[ETH_TX_RING][ETH_TX_BUFFER];
    unsigned next;       /* to be filled */
    unsigned done, busy; /* sent or not, and not looked at since */
};
extern struct eth_rx eth_v1_rx;
extern struct eth_tx eth_v1_tx;

extern struct eth_stats eth_v1_stats;

/* MDC by HCLK. */
void mdio_start(uint32_t hclk_hz);

/* A pbuf to each RX descriptor that has none. False: the pool is dry. */
bool ring_fill(void);

/* The DMA was reset. RX goes on where it was: what came up is kept. What TX has
 * not sent is thrown away. Tells the DMA where the rings are. */
void ring_start(void);

/* Has a suspended DMA go on. Either side may have lost a race against the
 * descriptor that would have kept the other going, so: now and then. */
void ring_poll(void);

bool ring_send(const struct pbuf *frame);

#endif
