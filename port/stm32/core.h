/* SPDX-License-Identifier: BSD-3-Clause */
/* The core beside what all Cortex-M have: caches. core_m4.c, core_m7.c. */
#ifndef TINYMX_STM32_CORE_H
#define TINYMX_STM32_CORE_H

/* First of all. */
void core_start(void);

#endif
