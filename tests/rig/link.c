/* SPDX-License-Identifier: BSD-3-Clause */
#include "link.h"

#include "chance.h"
#include "platform.h"

#include <string.h>

/* What the network holds at most; it drops what comes on top. */
#define IN_FLIGHT 4096

struct flight {
    uint64_t due_ms;
    uint64_t number; /* of those due at once the first goes first */
    struct frame frame;
};

struct link_stats link_stats;
static const struct weather *weather;
static struct chance chance;
static struct flight pool[IN_FLIGHT];
static struct flight *heap[IN_FLIGHT]; /* the first `flying`: a heap by time */
static unsigned flying;
static uint64_t numbers;
static uint64_t trace = HASH_START;

void link_open(const struct weather *w, uint64_t seed)
{
    weather = w;
    chance = chance_of(seed, "link");
    for (unsigned i = 0; i < IN_FLIGHT; i++) {
        heap[i] = &pool[i];
    }
}

static bool before(const struct flight *a, const struct flight *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms
                                  : a->number < b->number;
}

static void swap(unsigned i, unsigned j)
{
    struct flight *was = heap[i];

    heap[i] = heap[j];
    heap[j] = was;
}

static void rise(unsigned i)
{
    while (i > 0 && before(heap[i], heap[(i - 1) / 2])) {
        swap(i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static void sink(unsigned i)
{
    for (;;) {
        unsigned least = i;

        for (unsigned child = 2 * i + 1; child <= 2 * i + 2; child++) {
            if (child < flying && before(heap[child], heap[least])) {
                least = child;
            }
        }
        if (least == i) {
            return;
        }
        swap(i, least);
        i = least;
    }
}

static bool is_down(void)
{
    uint64_t period_s = (uint64_t)weather->up_s + weather->down_s;

    return weather->down_s != 0 &&
           platform_now() / 1000 % period_s >= weather->up_s;
}

static void note(const char *fate, uint64_t when)
{
    trace = hash_more(trace, fate, 1);
    trace = hash_more(trace, &when, sizeof when);
}

static void fly(enum link_end to, const void *bytes, size_t len)
{
    struct flight *f = heap[flying];
    uint64_t delay = weather->delay_ms +
                     chance_below(&chance, (uint64_t)weather->jitter_ms + 1);

    if (chance_permille(&chance, weather->late)) {
        delay += weather->late_ms;
        link_stats.late++;
    }
    *f = (struct flight){.due_ms = platform_now() + delay,
                         .number = numbers++,
                         .frame = {.to = to, .len = len}};
    memcpy(f->frame.bytes, bytes, len);
    if (chance_permille(&chance, weather->flip)) {
        f->frame.bytes[chance_below(&chance, len)] ^=
            (unsigned char)(1u << chance_below(&chance, 8));
        link_stats.flipped++;
    }
    note("f", f->due_ms);
    trace = hash_more(trace, f->frame.bytes, len);
    rise(flying++);
    if (flying > link_stats.most) {
        link_stats.most = flying;
    }
}

void link_put(enum link_end to, const void *bytes, size_t len)
{
    if (len == 0 || len > FRAME_MAX) {
        give_up("a frame of %zu bytes", len);
    }
    link_stats.frames++;
    note(to == TO_DEVICE ? "d" : "s", platform_now());
    if (is_down() || flying >= IN_FLIGHT - 1 ||
        chance_permille(&chance, weather->drop)) {
        link_stats.dropped++;
        note("x", 0);
        return;
    }
    fly(to, bytes, len);
    if (chance_permille(&chance, weather->twice)) {
        fly(to, bytes, len);
        link_stats.doubled++;
    }
}

bool link_get(struct frame *frame)
{
    if (flying == 0 || heap[0]->due_ms > platform_now()) {
        return false;
    }
    *frame = heap[0]->frame;
    swap(0, --flying);
    sink(0);
    return true;
}

uint64_t link_due(void)
{
    return flying == 0 ? UINT64_MAX : heap[0]->due_ms;
}

uint64_t link_trace(void)
{
    return trace;
}
