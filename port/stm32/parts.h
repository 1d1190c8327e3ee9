/* SPDX-License-Identifier: BSD-3-Clause */
/* board.c, the network's board_ethernet.c or board_slip.c and the store's
 * board_flash.c or board_host.c to each other. */
#ifndef TINYMX_STM32_PARTS_H
#define TINYMX_STM32_PARTS_H

struct mx_console;
struct rcc_clocks;

/* board.c: since board_start(); characters have come. */
const struct rcc_clocks *board_clocks(void);
void console_interrupt(void);

/* The network's and the store's: their lines of `status`. */
void board_link_status(struct mx_console *c);
void board_store_status(struct mx_console *c);

#endif
