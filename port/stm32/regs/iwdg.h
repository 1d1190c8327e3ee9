/* SPDX-License-Identifier: BSD-3-Clause */
/* The independent watchdog (RM0090 21.4, RM0410 30.4; of H743 it is IWDG1). */
#ifndef TINYMX_STM32_REGS_IWDG_H
#define TINYMX_STM32_REGS_IWDG_H

#define IWDG_KR 0x00u
#define IWDG_KR_KEY 0x0000ffffu
#define IWDG_KR_KEY_RELOAD 0xaaaau
#define IWDG_KR_KEY_ACCESS 0x5555u
#define IWDG_KR_KEY_START 0xccccu

#define IWDG_PR 0x04u
#define IWDG_PR_PR 0x00000007u
#define IWDG_PR_PR_DIV256 6u

#define IWDG_RLR 0x08u

#define IWDG_SR 0x0cu
#define IWDG_SR_PVU 0x00000001u
#define IWDG_SR_RVU 0x00000002u

#endif
