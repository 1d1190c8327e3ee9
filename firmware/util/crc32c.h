/* SPDX-License-Identifier: BSD-3-Clause */
/* CRC-32C (Castagnoli), RFC 3720 section 12.1: what guards stored data. */
#ifndef TINYMX_UTIL_CRC32C_H
#define TINYMX_UTIL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`, that of the bytes before; 0 to begin. */
uint32_t crc32c(uint32_t crc, const void *data, size_t len);

#endif
