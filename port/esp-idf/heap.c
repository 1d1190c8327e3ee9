/* SPDX-License-Identifier: BSD-3-Clause */
#include "heap.h"

#include "os.h"
#include "tinymx/config.h"
#include "tls/arena.h"

/* What goes around the plaintext of an inbound record, at most. */
#define RECORD_MORE 512u

/* The largest piece that a session asks for. */
#define RECORD (MX_TLS_IN_MAX + RECORD_MORE)

struct limits {
    uint32_t reserve;
    uint32_t session;
};

static struct limits next;
static struct limits limits;
static uint32_t blocks;
static uint32_t failures;
static uint32_t waits;
static bool waiting;

void heap_limits(uint32_t reserve, uint32_t session)
{
    next = (struct limits){reserve, session};
}

uint32_t heap_waits(void)
{
    return waits;
}

/* Blocks that are there already stay: PSA's own survive a second start. */
void mx_arena_init(void)
{
    limits = next;
    failures = 0;
    waits = 0;
    waiting = false;
    os_tls_memory(mx_arena_calloc, mx_arena_free);
}

static bool fits_above_reserve(size_t len)
{
    size_t free = os_heap_free();

    return free >= limits.reserve && len <= free - limits.reserve;
}

static void *take(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return fits_above_reserve(count * size) ? os_calloc(count, size) : NULL;
}

void *mx_arena_calloc(size_t count, size_t size)
{
    void *ptr;

    if (!os_is_server()) {
        return os_calloc(count, size);
    }
    /* Nothing is a block as well: NULL would mean that there is no room. */
    ptr = count != 0 && size != 0 ? take(count, size) : take(1, 1);
    if (ptr != NULL) {
        blocks++;
    } else {
        failures++;
    }
    return ptr;
}

/* What another task took, or was taken before the first mx_arena_init(), may end
 * here too, and was not counted. */
void mx_arena_free(void *ptr)
{
    if (ptr != NULL && blocks > 0 && os_is_server()) {
        blocks--;
    }
    os_free(ptr);
}

void mx_arena_stats(struct mx_arena_stats *stats)
{
    struct os_heap heap;

    os_heap(&heap);
    *stats = (struct mx_arena_stats){
        .size = heap.size,
        .used = heap.size - heap.free,
        .peak = heap.size - heap.least,
        .largest = heap.largest,
        .blocks = blocks,
        .failures = failures,
    };
}

uint32_t mx_arena_failures(void)
{
    return failures;
}

/* The heap is walked through only if there is enough of it. */
static bool has_room(void)
{
    struct os_heap heap;

    if (!fits_above_reserve(limits.session)) {
        return false;
    }
    os_heap(&heap);
    return heap.largest >= RECORD;
}

bool mx_arena_room(void)
{
    bool room = has_room();

    waits += !room && !waiting;
    waiting = !room;
    return room;
}
