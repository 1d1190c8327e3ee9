/* SPDX-License-Identifier: BSD-3-Clause */
#include "typed.h"

#include <stdint.h>

#define RING 64u

static volatile char ring[RING];
static volatile uint32_t head; /* the interrupt's */
static volatile uint32_t tail; /* the main loop's */

bool typed_room(void)
{
    return head - tail < RING;
}

void typed_put(char c)
{
    ring[head % RING] = c;
    head++;
}

bool typed_pending(void)
{
    return head != tail;
}

size_t typed_take(char *buf, size_t cap)
{
    size_t n = 0;

    while (n < cap && head != tail) {
        buf[n++] = ring[tail % RING];
        tail++;
    }
    return n;
}
