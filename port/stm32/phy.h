/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PHY by IEEE 802.3 clause 22, as the LAN8742A is one: it negotiates, and is
 * asked now and then what came of it. Nothing here waits for it.
 *
 *     eth_v1.c, eth_qos.c  ──►  phy.c  ──►  mdio_read(), mdio_write() of theirs
 */
#ifndef TINYMX_STM32_PHY_H
#define TINYMX_STM32_PHY_H

#include <stdbool.h>
#include <stdint.h>

struct phy_link {
    bool up;
    bool fast; /* 100 Mbit/s, not 10 */
    bool full; /* duplex */
};

/* Begins anew with the PHY at this address: reset, then negotiation, in
 * phy_poll(). The link is down. */
void phy_start(uint8_t address);

/* Asks it at most every 250 ms; between, and while it does not answer, what it
 * said last; a PHY that does not answer for a second is down, and begun anew
 * with. A link that was lost for however short is seen to be down once. True:
 * *link has changed. */
bool phy_poll(uint32_t now_ms, struct phy_link *link);

struct phy_stats {
    uint32_t changes;  /* of the link */
    uint32_t restarts; /* it did not answer, or its reset did not end */
    uint16_t id1, id2; /* 0x0007, 0xc13x: LAN8742A; 0: not read yet */
};
const struct phy_stats *phy_stats(void);

/* --- the MAC's part: by eth_v1.c or eth_qos.c ----------------------------- */

/* One register of one PHY. False: MDIO was busy for too long. */
bool mdio_read(uint8_t phy, uint8_t reg, uint16_t *value);
bool mdio_write(uint8_t phy, uint8_t reg, uint16_t value);

#endif
