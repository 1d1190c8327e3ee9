/* SPDX-License-Identifier: BSD-3-Clause */
/* MX_ASSERT is for bugs of ours, stays in release builds, and cannot be reached
 * from the wire. Input is checked with `if`. */
#ifndef TINYMX_UTIL_ASSERT_H
#define TINYMX_UTIL_ASSERT_H

#include "tinymx/port.h"

#define MX_ASSERT(cond)                                                        \
    ((cond) ? (void)0 : mx_port_fatal(__FILE__, __LINE__, #cond))

#endif
