/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A MAC's driver on its stage: a chip, a PHY, a cable, lwIP's
 * pool, and a core that is interrupted at any step. Frames have numbers, and a
 * content that follows from the number; each is looked at byte for byte at both
 * ends, must be a later one than the last, and is accounted for.
 */
#ifndef TINYMX_TEST_STM32_ETH_STAGE_H
#define TINYMX_TEST_STM32_ETH_STAGE_H

#include "eth.h"
#include "mac.h"

#include <stddef.h>

#define FRAME_LONGEST 2100

/* Who plays: eth_v1_player.c or eth_qos_player.c. */
struct stage_driver {
    const char *chip;
    const void *rx, *tx; /* its memory */
    size_t rx_size, tx_size;
    unsigned rx_ring;  /* descriptors, a pbuf each */
    const char *reset; /* the bit that never comes without a clock */
    const char *mdio;  /* without an answer */
};
extern const struct stage_driver stage_driver;

/* Chip, pins, a PHY with power; nothing is started, no cable is plugged. */
void stage_begin(uint64_t seed, uint32_t hclk_hz);

/* eth_start(), a cable with all abilities, and eth_poll() until the link is up. */
void stage_up(void);
int stage_start(void);

/* A quarter of a second, and what the main loop does then. */
bool stage_poll(void);
bool stage_poll_until(bool up);

enum stage_kind {
    TO_US,
    TO_GROUP,
    TO_ALL,
    TO_OTHERS, /* is not to come up */
    VLAN_TO_US,
    KINDS
};

/* A frame arrives. */
enum mac_fate stage_arrive(enum stage_kind kind, size_t len, bool bad_fcs);

/* The counters of missed frames are short of going round: how many that are. */
uint32_t stage_preset(void);

/* The main loop takes one; false: nothing came up. Some stay for a while,
 * as lwIP's do that wait, and are looked at again before they are freed. */
bool stage_receive(void);
void stage_receive_all(void);

/* One goes out, of one to four pbufs. */
bool stage_send(size_t len);

/* All but so many pbufs of the pool are somebody else's. */
void stage_leave(unsigned pbufs);

/* Everything on its way arrives; without eth_poll(). */
void stage_settle(void);

/* The books are right, for the time since stage_begin(): every frame came up or
 * was counted, none went out twice, every pbuf is in the ring or free. */
void stage_check(void);

struct stage_counts {
    unsigned arrived, received, sent, interrupts;
};
struct stage_counts stage_counts(void); /* since the start of the program */

/* Since stage_begin(). */
struct eth_stats stage_stats(void);
unsigned stage_sent(void); /* by the cable, and understood */

#endif
