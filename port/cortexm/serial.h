/* SPDX-License-Identifier: BSD-3-Clause */
/* What came over the serial line that is the network: a ring that the UART's
 * interrupt fills and link_slip.c empties. */
#ifndef TINYMX_CORTEXM_SERIAL_H
#define TINYMX_CORTEXM_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

/* From the interrupt. While there is no room it leaves what comes to the UART;
 * board_serial_listen() has it look again. */
bool serial_room(void);
void serial_put(uint8_t byte);

bool serial_pending(void);

#endif
