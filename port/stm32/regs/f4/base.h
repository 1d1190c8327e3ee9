/* SPDX-License-Identifier: BSD-3-Clause */
/* F405, F429: where its units are, and their interrupts (RM0090 2.3, 30, 39). */
#ifndef TINYMX_STM32_REGS_BASE_H
#define TINYMX_STM32_REGS_BASE_H

#define FLASH_BASE 0x08000000u
#define PWR_BASE 0x40007000u
#define RCC_BASE 0x40023800u
#define FLASH_R_BASE 0x40023c00u
#define SYSCFG_BASE 0x40013800u
#define GPIOA_BASE 0x40020000u /* the ports follow, GPIO_STRIDE each */
#define USART1_BASE 0x40011000u
#define USART2_BASE 0x40004400u
#define USART3_BASE 0x40004800u
#define USART6_BASE 0x40011400u
#define RNG_BASE 0x50060800u
#define IWDG_BASE 0x40003000u
#define ETH_BASE 0x40028000u
#define DBGMCU_BASE 0xe0042000u
#define UID_BASE 0x1fff7a10u
#define GPIO_STRIDE 0x400u

#define USART1_IRQn 37
#define USART2_IRQn 38
#define USART3_IRQn 39
#define USART6_IRQn 71
#define ETH_IRQn 61
#define IRQ_COUNT 91

#endif
