/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TINYMX_UTIL_WIPE_H
#define TINYMX_UTIL_WIPE_H

#include <stddef.h>

/* Zeroes a secret that is not needed any more, also where a compiler sees that
 * nobody reads it again. */
void wipe(void *bytes, size_t len);

#endif
