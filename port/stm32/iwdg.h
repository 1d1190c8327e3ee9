/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The independent watchdog: resets the chip when it was not fed for about 16
 * seconds, longer than the longest erase of flash. It cannot be stopped.
 */
#ifndef TINYMX_STM32_IWDG_H
#define TINYMX_STM32_IWDG_H

/* Once. */
void iwdg_start(void);
void iwdg_feed(void);

#endif
