/* SPDX-License-Identifier: BSD-3-Clause */
/* Little-endian numbers in stored records, whatever the machine. */
#ifndef TINYMX_UTIL_LE_H
#define TINYMX_UTIL_LE_H

#include <stdint.h>

static inline void le_put(uint8_t *at, unsigned bytes, uint64_t n)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (uint8_t)(n >> (8 * i));
    }
}

static inline void le_put16(uint8_t *at, uint16_t n)
{
    at[0] = (uint8_t)n;
    at[1] = (uint8_t)(n >> 8);
}

static inline void le_put32(uint8_t *at, uint32_t n)
{
    le_put16(at, (uint16_t)n);
    le_put16(at + 2, (uint16_t)(n >> 16));
}

static inline uint64_t le_get(const uint8_t *at, unsigned bytes)
{
    uint64_t n = 0;

    for (unsigned i = bytes; i-- > 0;) {
        n = n << 8 | at[i];
    }
    return n;
}

static inline uint16_t le_get16(const uint8_t *at)
{
    return (uint16_t)le_get(at, 2);
}

static inline uint32_t le_get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

#endif
