/* SPDX-License-Identifier: BSD-3-Clause */
#include "model.h"

#include "hw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define RANGES 16
#define STEP_ONE_IN 4
#define LATE 16
#define ARRIVE_ONE_IN 2

static struct {
    uint64_t seed, random;
    struct model_unit *units;
    struct {
        uint32_t at, size;
        bool dma;
    } range[RANGES];
    unsigned ranges;
} model;

/* What the core wrote, and memory does not have yet. */
static struct {
    uint32_t address, value;
} late[LATE];
static unsigned lates;

static struct model_counts counts;

/* --- chance ----------------------------------------------------------------- */

/* xorshift64*, by Vigna. */
static uint64_t next(void)
{
    model.random ^= model.random >> 12;
    model.random ^= model.random << 25;
    model.random ^= model.random >> 27;
    return model.random * UINT64_C(0x2545f4914f6cdd1d);
}

uint32_t model_random(uint32_t n)
{
    return (uint32_t)((next() >> 32) % n);
}

bool model_chance(unsigned n)
{
    return model_random(n) == 0;
}

/* --- writes to memory, which DMA may see in another order -------------------- */

static volatile uint32_t *word_at(uint32_t address)
{
    return (volatile uint32_t *)(uintptr_t)address;
}

static bool is_late(uint32_t address, unsigned until)
{
    for (unsigned i = 0; i < until; i++) {
        if (late[i].address == address) {
            return true;
        }
    }
    return false;
}

/* One of them, but none before an older one to the same word. */
static void arrive(void)
{
    unsigned i = model_random(lates);

    while (is_late(late[i].address, i)) {
        i--;
    }
    *word_at(late[i].address) = late[i].value;
    lates--;
    for (; i < lates; i++) {
        late[i] = late[i + 1];
    }
}

static void arrive_all(void)
{
    while (lates > 0) {
        arrive();
    }
}

static void store(uint32_t address, uint32_t value)
{
    if (lates == LATE) {
        arrive();
    }
    late[lates].address = address;
    late[lates].value = value;
    lates++;
}

static uint32_t load(uint32_t address)
{
    for (unsigned i = lates; i-- > 0;) {
        if (late[i].address == address) {
            return late[i].value;
        }
    }
    return *word_at(address);
}

/* --- what there is ------------------------------------------------------------ */

void model_begin(uint64_t seed)
{
    arrive_all();
    model.seed = seed;
    model.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    model.units = NULL;
    model.ranges = 0;
}

void model_add(struct model_unit *unit)
{
    unit->next = model.units;
    model.units = unit;
}

uint32_t hw_address(const volatile void *memory)
{
    uintptr_t address = (uintptr_t)memory;

    if (address > UINT32_MAX) {
        model_broken("%p is not below 4 GB: link with -no-pie", memory);
    }
    return (uint32_t)address;
}

void model_memory(const volatile void *at, size_t size, bool dma)
{
    assert_true(model.ranges < RANGES);
    model.range[model.ranges].at = hw_address(at);
    model.range[model.ranges].size = (uint32_t)size;
    model.range[model.ranges].dma = dma;
    model.ranges++;
}

static struct model_unit *unit_at(uint32_t address)
{
    struct model_unit *unit = model.units;

    while (unit != NULL && address - unit->base >= unit->size) {
        unit = unit->next;
    }
    return unit;
}

static void *memory_at(uint32_t address, size_t len, bool by_dma)
{
    for (unsigned i = 0; i < model.ranges; i++) {
        uint32_t off = address - model.range[i].at;

        if (off < model.range[i].size && len <= model.range[i].size - off) {
            MODEL_RULE(model.range[i].dma || !by_dma,
                       "DMA does not reach 0x%08x", address);
            return (void *)(uintptr_t)address;
        }
    }
    model_broken("there is nothing at 0x%08x, %zu bytes", address, len);
}

/* --- access ------------------------------------------------------------------- */

void model_run(unsigned steps)
{
    while (steps-- > 0) {
        counts.steps++;
        if (lates > 0 && model_chance(ARRIVE_ONE_IN)) {
            arrive();
        }
        for (struct model_unit *u = model.units; u != NULL; u = u->next) {
            if (u->step != NULL) {
                u->step();
            }
        }
    }
}

static void pass(uint32_t address)
{
    counts.accesses++;
    MODEL_RULE((address & 3) == 0, "0x%08x is not a word's", address);
    if (model_chance(STEP_ONE_IN)) {
        model_run(1 + model_random(3));
    }
}

uint32_t hw_rd(uint32_t address)
{
    struct model_unit *unit = unit_at(address);

    pass(address);
    if (unit != NULL) {
        return unit->rd(address - unit->base);
    }
    (void)memory_at(address, 4, false);
    return load(address);
}

void hw_wr(uint32_t address, uint32_t value)
{
    struct model_unit *unit = unit_at(address);

    pass(address);
    if (unit != NULL) {
        unit->wr(address - unit->base, value);
    } else {
        (void)memory_at(address, 4, false);
        store(address, value);
    }
}

static bool forgiving; /* a bus error is no fault */

void model_bus_error(uint32_t address)
{
    MODEL_RULE(forgiving, "a bus fault at 0x%08x", address);
}

void hw_copy(void *to, uint32_t from, size_t len)
{
    uint8_t *bytes = to;

    forgiving = true;
    for (size_t i = 0; i < len;) {
        uint32_t address = from + (uint32_t)i;
        uint32_t word = hw_rd(address & ~3u) >> 8 * (address & 3);

        for (; i < len && from + (uint32_t)i < (address | 3) + 1; i++) {
            bytes[i] = (uint8_t)word;
            word >>= 8;
        }
    }
    forgiving = false;
}

/* One by one: what is between is seen too. */
void hw_barrier(void)
{
    do {
        if (lates > 0) {
            arrive();
        }
        if (model_chance(STEP_ONE_IN)) {
            model_run(1);
        }
    } while (lates > 0);
}

uint32_t model_dma_rd(uint32_t address)
{
    MODEL_RULE((address & 3) == 0, "DMA reads a word at 0x%08x", address);
    return *(volatile uint32_t *)memory_at(address, 4, true);
}

void model_dma_wr(uint32_t address, uint32_t value)
{
    MODEL_RULE((address & 3) == 0, "DMA writes a word at 0x%08x", address);
    *(volatile uint32_t *)memory_at(address, 4, true) = value;
}

void *model_dma_bytes(uint32_t address, size_t len)
{
    return memory_at(address, len, true);
}

/* --- rules -------------------------------------------------------------------- */

void model_count(void)
{
    counts.rules++;
}

struct model_counts model_counts(void)
{
    return counts;
}

_Noreturn void model_broken(const char *format, ...)
{
    char text[200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_error("the chip: %s (seed %llu)\n", text,
                (unsigned long long)model.seed);
    fail();
    __builtin_unreachable();
}
