/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Ethernet MAC and its DMA, over RMII. eth_v1.c: F4, F7 (chained enhanced
 * descriptors); eth_qos.c: H7 (DWC Ethernet QoS). Check sums are lwIP's.
 *
 * Frames are received into pbufs of the pool, and handed on as they are: each
 * descriptor has one, and gets a new one when its own has gone up. When the pool
 * is dry the frame is dropped and its pbuf stays: the ring is always full. What
 * is sent is copied into a buffer of the ring.
 *
 * All is called from the main loop, but eth_interrupt().
 */
#ifndef TINYMX_STM32_ETH_H
#define TINYMX_STM32_ETH_H

#include "phy.h"

#include <stdbool.h>
#include <stdint.h>

struct pbuf;

struct eth_config {
    uint8_t mac[6];
    uint8_t phy;      /* its address on MDIO */
    uint32_t hclk_hz; /* at least 25 MHz */
};

/* Gates, RMII, reset, filters, rings; the pins are set. Received is what is for
 * `mac`, for groups, or for all. lwIP's pools are there. 0; MX_EIO: a bit never
 * came (hw_missed()), or there are no pbufs; it may be called again. */
int eth_start(const struct eth_config *cfg);

/* Looks at the PHY, and sets the MAC to what was negotiated; has the DMA go on
 * if it stopped for want of a descriptor, and starts the MAC anew after a fatal
 * bus error. True: the link is up. */
bool eth_poll(uint32_t now_ms);

/* One frame out, FCS not included. False: there is no link, or every buffer
 * waits for the cable. What waits when the link goes is thrown away. */
bool eth_send(const struct pbuf *frame);

/* One frame in, or NULL. A frame for which there is no pbuf, or that is
 * broken, is dropped and counted: *more says if another may follow. */
struct pbuf *eth_receive(bool *more);

/* Is there a frame? Any time, interrupts masked or not. */
bool eth_pending(void);

/* Acknowledges, so that the main loop wakes. */
void eth_interrupt(void);

struct eth_stats {
    uint32_t sent;
    uint32_t received;
    uint32_t no_pbuf;     /* dropped: the pool was empty */
    uint32_t broken;      /* dropped: FCS, length, more than one buffer */
    uint32_t overruns;    /* the DMA's count of frames missed */
    uint32_t stuck;       /* not sent: no link, buffers full, collisions */
    uint32_t unavailable; /* RX stopped for want of a descriptor, and went on */
    uint32_t bus_errors;  /* fatal; started anew */
};
const struct eth_stats *eth_stats(void);

#endif
