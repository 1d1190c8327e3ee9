/* SPDX-License-Identifier: BSD-3-Clause */
#include "why.h"

#include <stdarg.h>
#include <stdio.h>

int why_set(char *why, int err, const char *format, ...)
{
    va_list args;

    if (why != NULL) {
        va_start(args, format);
        vsnprintf(why, MX_POSIX_WHY_MAX, format, args);
        va_end(args);
    }
    return err;
}
