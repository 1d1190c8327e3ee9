/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of message number so-and-so: always the same, so that what was
 * stored can be held against what was sent without anybody keeping it. */
#ifndef TINYMX_RIG_TEXT_H
#define TINYMX_RIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before the first: the seed, and the size of the largest. */
void text_open(uint64_t seed, size_t largest);

/* Allocated; the caller frees it. Lines that begin with dots, lines of 998
 * octets, eight bits; one in sixteen is empty. A binary one is any octets at
 * all, which only BDAT can carry. */
char *text_make(unsigned number, size_t *len);
bool text_is_binary(unsigned number);

/* The same as a client sends it after 354: dots stuffed, and the end. */
char *text_stuffed(const char *text, size_t len, size_t *stuffed_len);

#endif
