/* SPDX-License-Identifier: BSD-3-Clause */
/* The same board with too little of everything: windows so narrow that a reply
 * is cut in four and a record of TLS fills 64 of them, and an arena for a
 * session and a half, so that the second waits for memory and not for a slot. */
#ifndef TINYMX_RIG_NARROW_H
#define TINYMX_RIG_NARROW_H

#include "../board/mx_config.h"

#undef MX_ARENA_SIZE
#define MX_ARENA_SIZE (30ul * 1024)

#define MX_TCP_MSS 256
#define MX_TCP_WND 256

#endif
