/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MPS2 with a CMSDK image: the registers that are used. Addresses and interrupt
 * numbers: Arm Application Note AN386. The UART: Cortex-M System Design Kit
 * Technical Reference Manual (DDI 0479) 4.3. Ethernet: data sheet of the
 * LAN9118 (Microchip DS00002266), which the LAN9220 on the board follows.
 */
#ifndef TINYMX_MPS2_REGS_H
#define TINYMX_MPS2_REGS_H

#include "cortexm.h"

#define CLOCK_HZ 25000000u

/* UART0 */
#define UART_DATA REG32(0x40004000)
#define UART_STATE REG32(0x40004004)
#define UART_CTRL REG32(0x40004008)
#define UART_INTCLEAR REG32(0x4000400c)
#define UART_BAUDDIV REG32(0x40004010)
#define STATE_TX_FULL (1u << 0)
#define STATE_RX_FULL (1u << 1)
#define CTRL_TX (1u << 0)
#define CTRL_RX (1u << 1)
#define CTRL_RX_INT (1u << 3)
#define INT_UART_RX (1u << 1)

/* 5.1, 5.3: FIFO ports and system registers */
#define LAN(offset) REG32(0x40200000u + (offset))
#define RX_DATA LAN(0x00)
#define TX_DATA LAN(0x20)
#define RX_STATUS LAN(0x40)
#define ID_REV LAN(0x50)
#define IRQ_CFG LAN(0x54)
#define INT_STS LAN(0x58)
#define INT_EN LAN(0x5c)
#define BYTE_TEST LAN(0x64)
#define FIFO_INT LAN(0x68)
#define RX_CFG LAN(0x6c)
#define TX_CFG LAN(0x70)
#define HW_CFG LAN(0x74)
#define RX_FIFO_INF LAN(0x7c)
#define TX_FIFO_INF LAN(0x80)
#define PMT_CTRL LAN(0x84)
#define RX_DROP LAN(0xa0)
#define MAC_CSR_CMD LAN(0xa4)
#define MAC_CSR_DATA LAN(0xa8)
#define E2P_CMD LAN(0xb0)
#define BYTE_TEST_VALUE 0x87654321u
#define IRQ_ACTIVE_HIGH 0x111u  /* on, active high, push-pull */
#define INT_RX_STATUS (1u << 3) /* RSFL: more frames than FIFO_INT says */
#define FIFO_INT_EVERY_FRAME 0x48000000u
#define TX_ON (1u << 1)
#define TX_STATUS_OVERRUN (1u << 2) /* nobody reads those: go on */
#define HW_RESET (1u << 0)
#define HW_TX_FIFO_5K (5u << 16)
#define HW_MUST_BE_ONE (1u << 20)
#define PMT_READY (1u << 0)
#define E2P_BUSY (1u << 31)
#define CSR_BUSY (1u << 31)
#define CSR_READ (1u << 30)

/* 3.12.2: TX command A; B is the length */
#define TX_FIRST (1u << 13)
#define TX_LAST (1u << 12)

/* 3.13.3: RX status */
#define RX_LENGTH(status) ((status) >> 16 & 0x3fff)
#define RX_ERROR (1u << 15)

/* 5.4: behind MAC_CSR_CMD */
#define MAC_CR 1u
#define MAC_ADDRH 2u
#define MAC_ADDRL 3u
#define MAC_MII_ACC 6u
#define MAC_MII_DATA 7u
#define CR_RX (1u << 2)
#define CR_TX (1u << 3)
#define CR_ALL_MULTICAST (1u << 19)
#define CR_FULL_DUPLEX (1u << 20)
#define MII_BUSY (1u << 0)
#define MII_WRITE (1u << 1)
#define MII_REGISTER(n) (1u << 11 | (n) << 6) /* of PHY 1, the internal one */

/* 5.5: the PHY, behind MAC_MII_ACC */
#define PHY_CONTROL 0u
#define PHY_ADVERTISE 4u
#define CONTROL_NEGOTIATE 0x1200u    /* enable and restart */
#define ADVERTISE_FULL_DUPLEX 0x141u /* 100 and 10 Mbit/s */

#define IRQ_UART0_RX 0
#define IRQ_ETHERNET 13
#define IRQ_COUNT 32
#define NVIC_ENABLE(irq) (REG32(0xe000e100) = 1u << (irq))
#define NVIC_PEND(irq) (REG32(0xe000e200) = 1u << (irq))

/* The parts of this folder to each other. */
void uart_start(void);
void uart_interrupt(void);
void ethernet_interrupt(void);
bool ethernet_pending(void);

#endif
