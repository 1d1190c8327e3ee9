/* SPDX-License-Identifier: BSD-3-Clause */
/* What the model counted, for the end of a test. */
#ifndef TINYMX_TEST_STM32_COUNTS_H
#define TINYMX_TEST_STM32_COUNTS_H

#include "model.h"

#include <stdio.h>

static inline void print_counts(void)
{
    struct model_counts n = model_counts();

    printf("%llu rules, %llu accesses, %llu steps\n",
           (unsigned long long)n.rules, (unsigned long long)n.accesses,
           (unsigned long long)n.steps);
}

#endif
