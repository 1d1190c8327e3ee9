/* SPDX-License-Identifier: BSD-3-Clause */
/* Power control of H743 (RM0433 6.8). */
#ifndef TINYMX_STM32_REGS_PWR_H
#define TINYMX_STM32_REGS_PWR_H

#define PWR_CSR1 0x04u
#define PWR_CSR1_ACTVOSRDY 0x00002000u

#define PWR_CR3 0x0cu
#define PWR_CR3_BYPASS 0x00000001u
#define PWR_CR3_LDOEN 0x00000002u
#define PWR_CR3_SCUEN 0x00000004u

#define PWR_D3CR 0x18u
#define PWR_D3CR_VOSRDY 0x00002000u
#define PWR_D3CR_VOS 0x0000c000u
#define PWR_D3CR_VOS_SCALE1 3u

#endif
