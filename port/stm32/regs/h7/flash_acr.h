/* SPDX-License-Identifier: BSD-3-Clause */
/* Wait states of flash (RM0433 4.9). */
#ifndef TINYMX_STM32_REGS_FLASH_ACR_H
#define TINYMX_STM32_REGS_FLASH_ACR_H

#define FLASH_ACR 0x00u
#define FLASH_ACR_LATENCY 0x0000000fu
#define FLASH_ACR_WRHIGHFREQ 0x00000030u

#endif
