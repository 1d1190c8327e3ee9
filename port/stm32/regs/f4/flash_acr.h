/* SPDX-License-Identifier: BSD-3-Clause */
/* Wait states of flash, and what hides them (RM0090 3.9). */
#ifndef TINYMX_STM32_REGS_FLASH_ACR_H
#define TINYMX_STM32_REGS_FLASH_ACR_H

#define FLASH_ACR 0x00u
#define FLASH_ACR_LATENCY 0x0000000fu
#define FLASH_ACR_PRFTEN 0x00000100u
#define FLASH_ACR_ICEN 0x00000200u
#define FLASH_ACR_DCEN 0x00000400u

#endif
