/* SPDX-License-Identifier: BSD-3-Clause */
#include "health.h"

/* 4.4.1, the repetition count. */
static bool repeats(struct health *h, uint32_t word)
{
    h->repeats =
        h->repeats > 0 && word == h->last ? (uint16_t)(h->repeats + 1) : 1;
    h->last = word;
    return h->repeats >= HEALTH_REPEATS;
}

/* 4.4.2, the adaptive proportion: how often is the window's first one there? */
static bool words_alike(struct health *h, uint32_t word)
{
    if (h->words == 0) {
        h->word = word;
        h->words_alike = 0;
    }
    h->words_alike = (uint16_t)(h->words_alike + (word == h->word));
    h->words = (uint16_t)((h->words + 1) % HEALTH_WORDS);
    return h->words_alike >= HEALTH_WORDS_MOST;
}

/* The window is a whole number of words. */
static bool bits_alike(struct health *h, uint32_t word)
{
    unsigned ones = 0;

    if (h->bits == 0) {
        h->bit = (word & 1) != 0;
        h->bits_alike = 0;
    }
    for (uint32_t left = word; left != 0; left &= left - 1) {
        ones++;
    }
    h->bits_alike = (uint16_t)(h->bits_alike + (h->bit ? ones : 32 - ones));
    h->bits = (uint16_t)((h->bits + 32) % HEALTH_BITS);
    return h->bits_alike >= HEALTH_BITS_MOST;
}

/* Each sees every word, whatever the others say. */
bool health_take(struct health *h, uint32_t word)
{
    bool ill = repeats(h, word);

    ill = words_alike(h, word) || ill;
    ill = bits_alike(h, word) || ill;
    return !ill;
}
