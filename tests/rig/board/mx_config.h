/* SPDX-License-Identifier: BSD-3-Clause */
/* The 64 KB board on a PC: its sizes, but for the arena. What lies in there is
 * larger where pointers are of 8 octets; it holds two sessions, as it does
 * there, and little more. */
#ifndef TINYMX_RIG_BOARD_H
#define TINYMX_RIG_BOARD_H

#include "../../../boards/lm3s6965evb/mx_config.h"

#undef MX_ARENA_SIZE
#define MX_ARENA_SIZE (41ul * 1024)

#endif
