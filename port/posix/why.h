/* SPDX-License-Identifier: BSD-3-Clause */
/* A reason in words, for a person: the `why` of tinymx/posix.h. */
#ifndef TINYMX_POSIX_WHY_H
#define TINYMX_POSIX_WHY_H

#include "tinymx/posix.h"

/* Formats into `why` (NULL: nowhere) and returns `err`. */
/* clang-format off */
__attribute__((format(printf, 3, 4)))
int why_set(char *why, int err, const char *format, ...);
/* clang-format on */

#endif
