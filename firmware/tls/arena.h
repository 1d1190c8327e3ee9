/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All of mbedTLS's memory: MX_ARENA_SIZE bytes, fixed when the image is linked.
 *
 *   ┌──────┬───────────┬──────┬──────────────┬──────┬─ ─ ─ ─ ─ ─┬─────┐
 *   │ tags │ payload   │ tags │ free, linked │ tags │ payload   │ end │
 *   └──────┴───────────┴──────┴──────────────┴──────┴─ ─ ─ ─ ─ ─┴─────┘
 *
 * Boundary tags (two words a block) make both neighbours known, so that a
 * freed block merges with them at once. Best fit; what is large is cut from
 * the upper end of a free block and what is small from the lower, which keeps
 * a session's record buffers and its thousands of small numbers apart.
 *
 * Not for more than one thread. A pointer that is not ours, or is freed twice,
 * is an assertion. Under AddressSanitizer free memory, tags and a zone behind
 * every block are poisoned.
 */
#ifndef TINYMX_TLS_ARENA_H
#define TINYMX_TLS_ARENA_H

#include "tinymx/tls.h"

#include <stdbool.h>
#include <stddef.h>

/* Makes one free block of all of it. */
void mx_arena_init(void);

/* Zeroed and aligned for anything; NULL when there is no room. */
void *mx_arena_calloc(size_t count, size_t size);
void mx_arena_free(void *ptr);

void mx_arena_stats(struct mx_arena_stats *stats);

/* Is there room for one more TLS session? Here always: the arena's size and the
 * number of slots were chosen together. Where the heap stands in for it
 * (port/esp-idf/heap.h), a session may have to wait. */
bool mx_arena_room(void);

/* Out of memory mbedTLS says all sorts of things; this count knows. */
uint32_t mx_arena_failures(void);

#endif
