/* SPDX-License-Identifier: BSD-3-Clause */
/* Chance that can be had again: generators from a seed, and a hash that says
 * whether two runs were one and the same. */
#ifndef TINYMX_RIG_CHANCE_H
#define TINYMX_RIG_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* The generator called `name` of this seed: who draws more from one does not
 * disturb the others. */
struct chance chance_of(uint64_t seed, const char *name);

uint64_t chance_next(struct chance *c);
/* Evenly 0 ... n - 1; 0 when `n` is 0. */
uint64_t chance_below(struct chance *c, uint64_t n);
/* Evenly `from` ... `to`, both included. */
uint64_t chance_between(struct chance *c, uint64_t from, uint64_t to);
/* True in so many of a thousand. */
bool chance_permille(struct chance *c, unsigned permille);
void chance_fill(struct chance *c, void *buf, size_t len);

/* FNV-1a, 64 bits. */
#define HASH_START 0xcbf29ce484222325u
uint64_t hash_more(uint64_t hash, const void *data, size_t len);

#endif
