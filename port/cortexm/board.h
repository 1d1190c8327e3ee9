/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a chip supplies to the platform of all Cortex-M boards. A new chip is a
 * folder of port/ that defines these; a new board with a known chip is a folder
 * of boards/ with a linker script and sizes.
 *
 *     port/cortexm            board.h           port/stellaris
 *     start, clock, faults  ─────────►  clocks, UART, Ethernet, SD card
 *     main loop, console
 *
 * All is called from the main loop, except where it says otherwise. The chip
 * puts its interrupt vectors behind the core's into the section .vectors.irq;
 * its handlers wake the main loop, and may fill a ring; what the UART receives
 * goes to typed.h.
 */
#ifndef TINYMX_CORTEXM_BOARD_H
#define TINYMX_CORTEXM_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "places.h"
#include "tinymx/config.h"

struct mx_console;
struct netif;
struct pbuf;

/* Clocks, pins and the UART. .data and .bss are set up. The core's clock in
 * Hz, for SysTick. */
uint32_t board_start(void);

/* Logs what is not as it should be: clocks that did not come up, errata. The
 * clock runs. */
void board_hello(void);

/* The main loop went round, all of it: for a watchdog. */
void board_feed(void);

/* What `status` says of this chip alone: whole lines, or nothing. */
void board_status(struct mx_console *c);

/* A few words on why the chip was reset, or "unknown". */
const char *board_reset_cause(void);

/* One character to the console's UART. Waits a bounded time for room and drops
 * the character then. Also called by the fault handler. */
void board_putc(char c);

/* Has the UART's interrupt look for what is typed: there is room for it. */
void board_listen(void);

/* Bytes fit for keys. 0, or MX_EENTROPY: the chip has no generator. */
int board_entropy(void *buf, size_t len);

/* Can these bytes of flash be read where they are? Where it has error correction,
 * what a power cut left of a program may be a fault to look at. */
bool board_readable(const void *flash, size_t len);

/* --- Ethernet: only for boards whose link that is ------------------------ */

/* Starts the MAC, and tells its address. 0, or MX_EIO. */
int board_eth_start(uint8_t mac[6]);

/* Whether there is somebody at the other end of the cable; called often. True,
 * where the MAC does not tell. */
bool board_eth_link(void);

/* One frame out. False: the MAC did not take it. */
bool board_eth_send(const struct pbuf *frame);

/* One frame in, in pbufs of the pool, or NULL. A frame for which there is no
 * pbuf, or that is broken, is dropped and counted: *more says if another may
 * follow. */
struct pbuf *board_eth_receive(bool *more);

struct board_eth_stats {
    uint32_t sent;
    uint32_t received;
    uint32_t no_pbuf;  /* dropped: the pool was empty */
    uint32_t broken;   /* dropped: a length that cannot be */
    uint32_t overruns; /* the MAC had no room */
    uint32_t stuck;    /* not sent: the MAC was not done with the last one */
};
const struct board_eth_stats *board_eth_stats(void);

/* --- a serial line, for SLIP: only for boards whose link that is --------- */

/* Starts it; what it receives goes to serial.h. */
void board_serial_start(void);

/* Has the UART's interrupt look for what came: there is room for it. */
void board_serial_listen(void);

/* One byte out. Waits a bounded time for room and drops the byte then. */
void board_serial_putc(uint8_t byte);

/* --- mail: places.h ------------------------------------------------------ */

/* --- SPI, to an SD card: only for boards that use sdcard.h --------------- */

/* Mode 0, at most `hz`. */
void board_spi_speed(uint32_t hz);

/* The card's chip select, when all that was sent is out. */
void board_spi_select(bool selected);

/* A byte out, and the one that came meanwhile. */
uint8_t board_spi(uint8_t out);

/* Many of them, one way; what is read is asked for with 0xff. */
void board_spi_write(const uint8_t *data, size_t len);
void board_spi_read(uint8_t *buf, size_t len);

/* Is there anything to do: a frame, a character? Called with interrupts
 * masked, just before the core sleeps. */
bool board_pending(void);

#endif
