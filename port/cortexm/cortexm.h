/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of port/cortexm to each other, and the core's own registers. */
#ifndef TINYMX_CORTEXM_CORTEXM_H
#define TINYMX_CORTEXM_CORTEXM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mx_block;
struct mx_settings;

#define REG32(address) (*(volatile uint32_t *)(address))

/* --- start.c ------------------------------------------------------------ */

/* Bytes of stack: all, and those that were never touched. */
size_t stack_size(void);
size_t stack_untouched(void);

int main(void);

/* --- clock.c ------------------------------------------------------------ */

/* Milliseconds from here on. */
void clock_start(uint32_t hz);

/* Sleeps until an interrupt leaves something to do (board_pending()), at most
 * `ms`. */
void clock_sleep(uint32_t ms);

/* --- fault.c ------------------------------------------------------------ */

/* What ended the last life, if it was not the power: a line, or NULL. */
const char *fault_last(void);

/* Called first thing after start. */
void fault_start(void);

/* --- semihost.c and host_card.c, or no_semihost.c ----------------------- */

/* 0, or MX_EENTROPY: not in this build, or the host has none. */
int semihost_entropy(void *buf, size_t len);

/* Ends the emulator with this status; returns if there is none. */
void semihost_exit(int status);

/* Whether this word is on the emulator's command line for the guest. */
bool semihost_told(const char *word);

/* A file of the host as a device, that of the word card=PATH on this command
 * line. 0 and *dev; MX_EIO: it is not there; MX_ENOTSUP: nor is a host. */
int semihost_card(struct mx_block **dev);

/* --- net.c -------------------------------------------------------------- */

/* lwIP, the interface, its addresses. 0, MX_EIO, MX_EINVAL: the configuration,
 * and why is logged. */
int net_start(const struct mx_settings *settings);

/* A few frames in, and lwIP's timers. How long until those are due, ms; 0:
 * more frames wait. */
uint32_t net_poll(void);

#endif
