/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The platform of a whole world in one process: one clock, which stands still
 * until it is moved, and one source of randomness, which a seed decides. Both
 * lwIPs, the device and OpenSSL have these and no others: time() and what
 * OpenSSL draws are ours too, so that tickets age by this clock and a run can
 * be had again to the byte.
 */
#ifndef TINYMX_RIG_PLATFORM_H
#define TINYMX_RIG_PLATFORM_H

#include <stdint.h>

/* Once, before anything else of the rig. */
void platform_open(uint64_t seed);

/* Milliseconds since then. */
uint64_t platform_now(void);
void platform_advance(uint64_t until_ms);

/* The test cannot go on: says why, and ends the program. */
_Noreturn void give_up(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
