/* SPDX-License-Identifier: BSD-3-Clause */
/* What a chip is told by: the unique ID, and DBGMCU_IDCODE. */
#ifndef TINYMX_TEST_STM32_ID_H
#define TINYMX_TEST_STM32_ID_H

#include <stdint.h>

void id_begin(void);
extern uint32_t id_uid[3], id_code;

#endif
