/* SPDX-License-Identifier: BSD-3-Clause */
#include "story.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *title;
static uint64_t seed;
static char cuts[STORY_DEEP][160];
static unsigned deep;

void story_begin(const char *name, uint64_t number)
{
    title = name;
    seed = number;
    deep = 0;
}

void story_push(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(cuts[deep++], sizeof cuts[0], format, args);
    va_end(args);
}

void story_pop(void)
{
    deep--;
}

void story_end(const char *word, const char *format, ...)
{
    va_list args;

    printf("%s ", word);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n  on %s, seed %llu\n", title, (unsigned long long)seed);
    for (unsigned i = 0; i < deep; i++) {
        printf("  %s\n", cuts[i]);
    }
    exit(1);
}
