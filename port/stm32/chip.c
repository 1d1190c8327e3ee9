/* SPDX-License-Identifier: BSD-3-Clause */
#include "chip.h"

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* FNV-1a, and its halves upon each other: chips of one wafer differ in a few
 * bits of the ID. */
void chip_mac(uint8_t mac[6])
{
    uint64_t hash = FNV_BASIS;
    uint32_t uid[3];

    chip_uid(uid);
    for (unsigned i = 0; i < 12; i++) {
        hash = (hash ^ (uid[i / 4] >> 8 * (i % 4) & 0xff)) * FNV_PRIME;
    }
    hash ^= hash >> 48 | hash << 16;
    for (unsigned i = 0; i < 6; i++) {
        mac[i] = (uint8_t)(hash >> 8 * i);
    }
    mac[0] = (uint8_t)((mac[0] & 0xfc) | 0x02);
}
