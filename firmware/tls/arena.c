/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/arena.h"

#include "util/assert.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define REDZONE 16u
#define UNCHECKED __attribute__((no_sanitize_address))
#define poison(ptr, len) __asan_poison_memory_region(ptr, len)
#define unpoison(ptr, len) __asan_unpoison_memory_region(ptr, len)
#else
#define REDZONE 0u
#define UNCHECKED
#define poison(ptr, len) ((void)(ptr), (void)(len))
#define unpoison(ptr, len) ((void)(ptr), (void)(len))
#endif

/* The tags. A payload begins behind them. */
struct block {
    size_t before; /* size of the block below; 0: this is the first */
    size_t size;   /* of this one, tags included; bit 0: in use */
};

/* A block that is free: its payload is its links. */
struct spare {
    struct block tags;
    struct spare *next;
    struct spare *prev;
};

#define IN_USE ((size_t)1)
#define TAGS sizeof(struct block)
#define UNIT (2 * sizeof(size_t))
#define BLOCK_MIN sizeof(struct spare)
#define SIZE (MX_ARENA_SIZE / UNIT * UNIT)

/* From here on a request comes from the upper end. */
#define LARGE 1024u

_Static_assert(TAGS == UNIT, "two words a block");
_Static_assert(BLOCK_MIN % UNIT == 0, "blocks are whole units");
_Static_assert(SIZE >= 4096, "an arena that small holds nothing");

static alignas(16) unsigned char memory[SIZE];
static struct spare *free_list;
static struct mx_arena_stats stats_now;

UNCHECKED static struct block *at(size_t offset)
{
    return (struct block *)(void *)(memory + offset);
}

UNCHECKED static size_t size_of(const struct block *b)
{
    return b->size & ~IN_USE;
}

UNCHECKED static struct block *above(struct block *b)
{
    return (struct block *)(void *)((unsigned char *)b + size_of(b));
}

UNCHECKED static struct block *below(struct block *b)
{
    return (struct block *)(void *)((unsigned char *)b - b->before);
}

UNCHECKED static void set_size(struct block *b, size_t size, size_t use)
{
    b->size = size | use;
    above(b)->before = size;
}

UNCHECKED static void link_free(struct block *b)
{
    struct spare *spare = (struct spare *)(void *)b;

    spare->prev = NULL;
    spare->next = free_list;
    if (free_list != NULL) {
        free_list->prev = spare;
    }
    free_list = spare;
}

UNCHECKED static void unlink_free(struct block *b)
{
    struct spare *spare = (struct spare *)(void *)b;

    if (spare->prev != NULL) {
        spare->prev->next = spare->next;
    } else {
        free_list = spare->next;
    }
    if (spare->next != NULL) {
        spare->next->prev = spare->prev;
    }
}

UNCHECKED void mx_arena_init(void)
{
    struct block *first = at(0);
    struct block *end = at(SIZE - UNIT);

    unpoison(memory, SIZE);
    memset(&stats_now, 0, sizeof stats_now);
    stats_now.size = SIZE;
    stats_now.used = UNIT; /* the end's tags */
    stats_now.peak = UNIT;
    free_list = NULL;
    first->before = 0;
    set_size(first, SIZE - UNIT, 0);
    end->size = IN_USE; /* never merged with */
    link_free(first);
    poison(memory, SIZE);
}

UNCHECKED static struct block *best_fit(size_t size)
{
    struct block *best = NULL;

    for (struct spare *s = free_list; s != NULL; s = s->next) {
        struct block *b = &s->tags;

        if (b->size >= size && (best == NULL || b->size < best->size)) {
            best = b;
            if (b->size == size) {
                break;
            }
        }
    }
    return best;
}

UNCHECKED static void *payload(struct block *b)
{
    return b + 1;
}

/* Cuts `size` from the free, unlinked block `b`; the rest is linked again. */
UNCHECKED static struct block *cut(struct block *b, size_t size)
{
    size_t rest = b->size - size;

    if (rest < BLOCK_MIN) {
        b->size |= IN_USE;
        return b;
    }
    if (size < LARGE) {
        set_size(b, size, IN_USE);
        set_size(above(b), rest, 0);
        link_free(above(b));
        return b;
    }
    set_size(b, rest, 0);
    link_free(b);
    b = above(b);
    set_size(b, size, IN_USE);
    return b;
}

static void count_taken(size_t size)
{
    stats_now.blocks++;
    stats_now.used += size;
    if (stats_now.used > stats_now.peak) {
        stats_now.peak = stats_now.used;
    }
}

/* What a block for `len` bytes needs; 0: more than there can be. */
static size_t block_size(size_t len)
{
    size_t size;

    if (len > SIZE - TAGS - REDZONE - UNIT) {
        return 0;
    }
    size = (TAGS + len + REDZONE + UNIT - 1) / UNIT * UNIT;
    return size < BLOCK_MIN ? BLOCK_MIN : size;
}

UNCHECKED void *mx_arena_calloc(size_t count, size_t size)
{
    size_t len = count * size;
    size_t need;
    struct block *b = NULL;

    if (size == 0 || count <= SIZE_MAX / size) {
        need = block_size(len);
        b = need != 0 ? best_fit(need) : NULL;
    }
    if (b == NULL) {
        stats_now.failures++;
        return NULL;
    }
    unlink_free(b);
    b = cut(b, need);
    count_taken(size_of(b));
    unpoison(payload(b), len);
    memset(payload(b), 0, len);
    return payload(b);
}

/* The block whose payload `ptr` is. */
UNCHECKED static struct block *check(void *ptr)
{
    uintptr_t offset = (uintptr_t)ptr - (uintptr_t)memory;
    struct block *b;

    MX_ASSERT(offset >= TAGS && offset < SIZE && offset % UNIT == 0);
    b = at(offset - TAGS);
    MX_ASSERT((b->size & IN_USE) != 0); /* else: freed twice */
    MX_ASSERT(size_of(b) >= BLOCK_MIN && size_of(b) <= SIZE - offset);
    MX_ASSERT(above(b)->before == size_of(b));
    return b;
}

UNCHECKED void mx_arena_free(void *ptr)
{
    struct block *b;

    if (ptr == NULL) {
        return;
    }
    b = check(ptr);
    stats_now.blocks--;
    stats_now.used -= size_of(b);
    poison(payload(b), size_of(b) - TAGS);
    set_size(b, size_of(b), 0);
    if ((above(b)->size & IN_USE) == 0) {
        unlink_free(above(b));
        set_size(b, b->size + above(b)->size, 0);
    }
    if (b->before != 0 && (below(b)->size & IN_USE) == 0) {
        unlink_free(below(b));
        set_size(below(b), below(b)->size + b->size, 0);
        b = below(b);
    }
    link_free(b);
}

UNCHECKED void mx_arena_stats(struct mx_arena_stats *stats)
{
    size_t most = 0;

    for (const struct spare *s = free_list; s != NULL; s = s->next) {
        most = s->tags.size > most ? s->tags.size : most;
    }
    *stats = stats_now;
    stats->largest = most > TAGS + REDZONE ? most - TAGS - REDZONE : 0;
}

bool mx_arena_room(void)
{
    return true;
}

uint32_t mx_arena_failures(void)
{
    return stats_now.failures;
}
