/* SPDX-License-Identifier: BSD-3-Clause */
/* What was typed at the console: a ring that the UART's interrupt fills and the
 * main loop empties, since a handshake keeps the main loop away for long. */
#ifndef TINYMX_CORTEXM_TYPED_H
#define TINYMX_CORTEXM_TYPED_H

#include <stdbool.h>
#include <stddef.h>

/* From the interrupt. While there is no room it leaves what comes to the UART;
 * board_listen() has it look again. */
bool typed_room(void);
void typed_put(char c);

bool typed_pending(void);

/* At most `cap` bytes; returns how many. */
size_t typed_take(char *buf, size_t cap);

#endif
