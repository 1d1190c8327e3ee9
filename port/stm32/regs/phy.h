/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers of a PHY on MDIO: IEEE 802.3 clause 22, the first seven. */
#ifndef TINYMX_STM32_REGS_PHY_H
#define TINYMX_STM32_REGS_PHY_H

#define PHY_BCR 0u
#define PHY_BCR_RESET 0x8000u
#define PHY_BCR_ANENABLE 0x1000u
#define PHY_BCR_ANRESTART 0x0200u

#define PHY_BSR 1u
#define PHY_BSR_ANDONE 0x0020u
#define PHY_BSR_LINK 0x0004u

#define PHY_ID1 2u
#define PHY_ID2 3u

/* What we, and what the other side, can do. */
#define PHY_ANAR 4u
#define PHY_ANLPAR 5u
#define PHY_ANAR_FULL100 0x0100u
#define PHY_ANAR_HALF100 0x0080u
#define PHY_ANAR_FULL10 0x0040u
#define PHY_ANAR_HALF10 0x0020u
#define PHY_ANAR_SELECTOR 0x001fu
#define PHY_ANAR_SELECTOR_8023 1u

#endif
