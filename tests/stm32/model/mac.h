/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Ethernet MAC of a chip with its DMA, RMII's switch in SYSCFG, and the
 * cable. MDIO goes to lan8742a.h. F4, F7 (RM0090 33, RM0410 42): v1; H7 (RM0433
 * 58): qos.
 *
 *     mac_v1.c, mac_qos.c   registers, filter, interrupts       the cable
 *     dma_v1.c, dma_qos.c   RX and TX engines over descriptors  ◄──►  FIFOs
 *
 * A frame is without FCS here; the MAC adds and checks it.
 */
#ifndef TINYMX_TEST_STM32_MAC_H
#define TINYMX_TEST_STM32_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Behind model_begin(), clock_begin() and lan8742a_begin(). Some things the manuals
 * leave open, or silicon is said to do otherwise; each may be so, by the seed:
 * whether a poll demand, or a tail, is forgotten that comes just before the DMA
 * is suspended; whether a frame wakes a suspended DMA; whether a frame that is
 * too long is dropped in the FIFO, or comes up, with an error or not; whether a
 * descriptor is looked at before there is a frame for it. */
void mac_begin(uint32_t hclk_hz);

/* A frame arrives from the cable. What becomes of it at first: */
enum mac_fate {
    FATE_LOST,     /* nobody listens: no link, another speed, no receiver */
    FATE_FILTERED, /* for somebody else, or no frame at all */
    FATE_BROKEN,   /* FCS: dropped and counted by the MAC, or it comes up */
    FATE_LONG,     /* dropped */
    FATE_MISSED,   /* the FIFO is full: dropped and counted */
    FATE_TAKEN,
};
enum mac_fate mac_arrive(const uint8_t *frame, size_t len, bool bad_fcs);

/* Gets each frame that was sent; `live`: the other side can have understood. */
extern void (*mac_sent)(const uint8_t *frame, size_t len, bool live);

/* The DMA's next access to memory fails, for good. */
void mac_fail(void);

/* The counters of missed frames begin here, just short of going round; how many
 * that are. */
uint32_t mac_preset(void);

/* Its line to the core. */
bool mac_interrupts(void);

/* Demands, or tails, that come early. */
bool mac_remembers(void);

/* Nothing is on its way, either way. */
bool mac_idle(void);

/* Since mac_begin(): what was in the FIFOs at a reset; bus errors that the
 * driver was told; what was written, too long or for want of a descriptor, over
 * more than one of them; good frames that came up marked as broken (errata of
 * the H7). */
struct mac_counts {
    uint32_t reset, fatal, rx_suspended, spanned, collisions, dribbles;
};
struct mac_counts mac_counts(void);

#endif
