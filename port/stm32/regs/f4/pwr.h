/* SPDX-License-Identifier: BSD-3-Clause */
/* Power control of F405 and F429 (RM0090 5.4, 5.5). */
#ifndef TINYMX_STM32_REGS_PWR_H
#define TINYMX_STM32_REGS_PWR_H

#define PWR_CSR 0x04u
#define PWR_CSR_VOSRDY 0x00004000u

#endif
