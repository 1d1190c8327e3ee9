/* SPDX-License-Identifier: BSD-3-Clause */
#include "chance.h"

#include <string.h>

uint64_t hash_more(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *at = data;

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ at[i]) * 0x100000001b3u;
    }
    return hash;
}

struct chance chance_of(uint64_t seed, const char *name)
{
    uint64_t hash = hash_more(HASH_START, &seed, sizeof seed);

    return (struct chance){hash_more(hash, name, strlen(name))};
}

/* SplitMix64. */
uint64_t chance_next(struct chance *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t chance_below(struct chance *c, uint64_t n)
{
    return n == 0 ? 0 : chance_next(c) % n;
}

uint64_t chance_between(struct chance *c, uint64_t from, uint64_t to)
{
    return from + chance_below(c, to - from + 1);
}

bool chance_permille(struct chance *c, unsigned permille)
{
    return chance_below(c, 1000) < permille;
}

void chance_fill(struct chance *c, void *buf, size_t len)
{
    unsigned char *at = buf;

    for (size_t i = 0; i < len; i += 8) {
        uint64_t bits = chance_next(c);

        memcpy(at + i, &bits, len - i < 8 ? len - i : 8);
    }
}
