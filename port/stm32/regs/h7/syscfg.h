/* SPDX-License-Identifier: BSD-3-Clause */
/* System configuration of the H7 (RM0433 12.3). */
#ifndef TINYMX_STM32_REGS_SYSCFG_H
#define TINYMX_STM32_REGS_SYSCFG_H

#define SYSCFG_PMCR 0x04u
#define SYSCFG_PMCR_EPIS_SEL 0x00e00000u
#define SYSCFG_PMCR_EPIS_SEL_RMII 4u

#endif
