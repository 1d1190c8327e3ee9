/* SPDX-License-Identifier: BSD-3-Clause */
/* LM3S6965: the registers that are used (data sheet, Texas Instruments
 * SPMS142; chapter numbers are its). */
#ifndef TINYMX_STELLARIS_REGS_H
#define TINYMX_STELLARIS_REGS_H

#include "cortexm.h"

/* 5: system control */
#define SYSCTL_RESC REG32(0x400fe05c)
#define SYSCTL_RIS REG32(0x400fe050)
#define SYSCTL_RCC REG32(0x400fe060)
#define SYSCTL_RCGC1 REG32(0x400fe104)
#define SYSCTL_RCGC2 REG32(0x400fe108)
#define RIS_PLLL (1u << 6)
#define RCC_MOSCDIS (1u << 0)
#define RCC_OSCSRC (3u << 4)
#define RCC_XTAL (15u << 6)
#define RCC_XTAL_8MHZ (14u << 6)
#define RCC_BYPASS (1u << 11)
#define RCC_PWRDN (1u << 13)
#define RCC_USESYSDIV (1u << 22)
#define RCC_SYSDIV (15u << 23)
#define RCC_SYSDIV_4 (3u << 23)
#define RCGC1_UART0 (1u << 0)
#define RCGC1_SSI0 (1u << 4)
#define RCGC2_GPIOA (1u << 0)
#define RCGC2_GPIOD (1u << 3)
#define RCGC2_GPIOF (1u << 5)
#define RCGC2_EMAC0 (1u << 28)
#define RCGC2_EPHY0 (1u << 30)

/* 7: flash; the factory writes the MAC address here */
#define FLASH_USER_REG0 REG32(0x400fe1e0)
#define FLASH_USER_REG1 REG32(0x400fe1e4)

/* 8: GPIO; the address bits 9:2 are a mask on the data bits */
#define GPIO_A 0x40004000u
#define GPIO_D 0x40007000u
#define GPIO_F 0x40025000u
#define GPIO_DATA(port, mask) REG32((port) + ((uint32_t)(mask) << 2))
#define GPIO_DIR(port) REG32((port) + 0x400)
#define GPIO_AFSEL(port) REG32((port) + 0x420)
#define GPIO_PUR(port) REG32((port) + 0x510)
#define GPIO_DEN(port) REG32((port) + 0x51c)

/* 12: UART0 */
#define UART_DR REG32(0x4000c000)
#define UART_FR REG32(0x4000c018)
#define UART_IBRD REG32(0x4000c024)
#define UART_FBRD REG32(0x4000c028)
#define UART_LCRH REG32(0x4000c02c)
#define UART_CTL REG32(0x4000c030)
#define UART_IM REG32(0x4000c038)
#define UART_ICR REG32(0x4000c044)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define LCRH_8N1_FIFO 0x70u
#define CTL_ENABLE 0x301u
#define UART_INT_RX (1u << 4)
#define UART_INT_RX_TIMEOUT (1u << 6)

/* 13: SSI0 */
#define SSI_CR0 REG32(0x40008000)
#define SSI_CR1 REG32(0x40008004)
#define SSI_DR REG32(0x40008008)
#define SSI_SR REG32(0x4000800c)
#define SSI_CPSR REG32(0x40008010)
#define SR_TNF (1u << 1)
#define SR_RNE (1u << 2)
#define SR_BSY (1u << 4)

/* 15: Ethernet */
#define MAC_RIS REG32(0x40048000)  /* read */
#define MAC_IACK REG32(0x40048000) /* write */
#define MAC_IM REG32(0x40048004)
#define MAC_RCTL REG32(0x40048008)
#define MAC_TCTL REG32(0x4004800c)
#define MAC_DATA REG32(0x40048010)
#define MAC_IA0 REG32(0x40048014)
#define MAC_IA1 REG32(0x40048018)
#define MAC_MDV REG32(0x40048024)
#define MAC_NP REG32(0x40048034)
#define MAC_TR REG32(0x40048038)
#define MAC_INT_RX (1u << 0)
#define MAC_INT_FOV (1u << 3)
#define RCTL_ENABLE (1u << 0)
#define RCTL_MULTICAST (1u << 1)
#define RCTL_REJECT_BAD_CRC (1u << 3)
#define RCTL_RESET_FIFO (1u << 4)
#define TCTL_ENABLE (1u << 0)
#define TCTL_PAD (1u << 1)
#define TCTL_CRC (1u << 2)
#define TCTL_DUPLEX (1u << 4)
#define TR_NEW (1u << 0)

/* 2.5.2: interrupt numbers */
#define IRQ_UART0 5
#define IRQ_ETHERNET 42
#define IRQ_COUNT 44
#define NVIC_ENABLE(irq)                                                       \
    (REG32(0xe000e100 + 4 * ((irq) / 32)) = 1u << ((irq) % 32))
#define NVIC_PEND(irq)                                                         \
    (REG32(0xe000e200 + 4 * ((irq) / 32)) = 1u << ((irq) % 32))

/* The parts of this folder to each other. */
void uart_start(uint32_t hz);
void uart_interrupt(void);
void ethernet_interrupt(void);
bool ethernet_pending(void);

#endif
