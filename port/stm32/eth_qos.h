/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the two files of the driver for the H7 are to each other: eth_qos.c, the
 * MAC, and eth_qos_ring.c, the DMA's rings of descriptors.
 *
 *       0      1      2      3
 *     ┌──────┬──────┬──────┬──────┐     The DMA has all up to the tail, but not
 *     │      │ next │      │      │     the tail itself: there it sleeps until
 *     └──────┴──────┴──────┴──────┘     the tail is written. So one is spare.
 *        ▲ tail
 */
#ifndef TINYMX_STM32_ETH_QOS_H
#define TINYMX_STM32_ETH_QOS_H

#include "eth.h"

/* Descriptors. Each of RX keeps a pbuf of the pool for good, each of TX a buffer
 * for the longest frame. */
#define ETH_RX_RING 8u
#define ETH_TX_RING 4u
#define ETH_TX_BUFFER 1520u
#define ETH_DESCRIPTOR 4u /* words */

/* In memory that the DMA reaches: not in DTCM. */
struct eth_rx {
    uint32_t descriptor[ETH_RX_RING][ETH_DESCRIPTOR];
    struct pbuf *pbuf[ETH_RX_RING];
    unsigned next; /* to be looked at */
};
struct eth_tx {
    uint32_t descriptor[ETH_TX_RING][ETH_DESCRIPTOR];
    uint32_t buffer[ETH_TX_RING][ETH_TX_BUFFER / 4];
    unsigned next;       /* to be filled */
    unsigned done, busy; /* sent or not, and not looked at since */
};
extern struct eth_rx eth_qos_rx;
extern struct eth_tx eth_qos_tx;

extern struct eth_stats eth_qos_stats;

/* The MAC is in reset, or was: all of RX is empty, each with a pbuf. False: the
 * pool is dry. */
bool ring_fill(void);

/* The MAC was reset. What came up is kept, what TX has not sent is thrown away,
 * and the DMA goes. */
void ring_start(void);

/* Looks what was sent, and has a suspended DMA look again. */
void ring_poll(void);

/* As in eth.h. */
bool ring_send(const struct pbuf *frame);
struct pbuf *ring_receive(bool *more);
bool ring_pending(void);

#endif
