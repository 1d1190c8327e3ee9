/* SPDX-License-Identifier: BSD-3-Clause */
/* The random number generator (RM0090 24.4, RM0410 21.7, RM0433 34.7). */
#ifndef TINYMX_STM32_REGS_RNG_H
#define TINYMX_STM32_REGS_RNG_H

#define RNG_CR 0x00u
#define RNG_CR_RNGEN 0x00000004u

#define RNG_SR 0x04u
#define RNG_SR_DRDY 0x00000001u
#define RNG_SR_CECS 0x00000002u
#define RNG_SR_SECS 0x00000004u
#define RNG_SR_CEIS 0x00000020u
#define RNG_SR_SEIS 0x00000040u

#define RNG_DR 0x08u

#endif
