/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PHY, the LAN8742A by its data sheet and IEEE 802.3 clauses 22 and 28, and
 * the cable behind it. Its milliseconds are the test's.
 */
#ifndef TINYMX_TEST_STM32_LAN8742A_H
#define TINYMX_TEST_STM32_LAN8742A_H

#include <stdbool.h>
#include <stdint.h>

/* There, powered, no cable, at this address. */
void lan8742a_begin(uint8_t address);

/* Without power nobody answers, and there is no REF_CLK; with it again it is
 * what its straps say: negotiating, or not. */
void lan8742a_power(bool on, bool negotiates);

/* The next reset does not end before the one after it. */
void lan8742a_hang(void);

/* What is at the other end, as in ANLPAR; 0: nothing. One that does not
 * negotiate has a single ability; whether it is full is not seen. */
void lan8742a_cable(uint16_t abilities, bool negotiates);

void lan8742a_pass(uint32_t ms);

/* The truth. Speed and duplex: as the PHY has them. */
struct lan8742a_link {
    bool up, fast, full;
};
struct lan8742a_link lan8742a_link(void);
bool lan8742a_refclk(void);

/* By MDIO. */
uint16_t lan8742a_rd(uint8_t phy, uint8_t reg);
void lan8742a_wr(uint8_t phy, uint8_t reg, uint16_t value);

#endif
