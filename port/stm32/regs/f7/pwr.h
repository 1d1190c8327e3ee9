/* SPDX-License-Identifier: BSD-3-Clause */
/* Power control of F767 (RM0410 4.4). */
#ifndef TINYMX_STM32_REGS_PWR_H
#define TINYMX_STM32_REGS_PWR_H

#define PWR_CR1 0x00u
#define PWR_CR1_ODEN 0x00010000u
#define PWR_CR1_ODSWEN 0x00020000u

#define PWR_CSR1 0x04u
#define PWR_CSR1_VOSRDY 0x00004000u
#define PWR_CSR1_ODRDY 0x00010000u
#define PWR_CSR1_ODSWRDY 0x00020000u

#endif
