/* SPDX-License-Identifier: BSD-3-Clause */
/* How it came to where we are: seed, device, and the power cuts so far, one in
 * what followed another; and the end of it, when something is wrong. */
#ifndef TINYMX_POWER_STORY_H
#define TINYMX_POWER_STORY_H

#include <stdint.h>

#define STORY_DEEP 4

void story_begin(const char *title, uint64_t seed);
void story_push(const char *format, ...) __attribute__((format(printf, 1, 2)));
void story_pop(void);

/* What went wrong: one of the words that tests look for, and its details. Ends
 * the program. */
_Noreturn void story_end(const char *word, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
