/* SPDX-License-Identifier: BSD-3-Clause */
/* System configuration of F4 and F7 (RM0090 9.2, RM0410 7.2). */
#ifndef TINYMX_STM32_REGS_SYSCFG_V1_H
#define TINYMX_STM32_REGS_SYSCFG_V1_H

#define SYSCFG_PMC 0x04u
#define SYSCFG_PMC_MII_RMII_SEL 0x00800000u

#endif
