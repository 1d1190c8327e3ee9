/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A chip on the PC: hw.h of port/stm32 over models of its units. A unit owns a
 * range of addresses; memory that DMA shares with the driver is named too;
 * every other address is a bug of the driver's. At each access the units may get
 * a step, by chance from a seed, so that what runs beside the core runs between
 * any two accesses. What the core writes to memory DMA sees later, and in any
 * order, but for hw_barrier().
 *
 * Models are strict: what the reference manual forbids, or leaves undefined, ends
 * the test with a sentence. Every such question that is asked is counted.
 */
#ifndef TINYMX_TEST_STM32_MODEL_H
#define TINYMX_TEST_STM32_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct model_unit {
    const char *name;
    uint32_t base, size;
    uint32_t (*rd)(uint32_t off);
    void (*wr)(uint32_t off, uint32_t value);
    void (*step)(void);      /* or NULL: time goes on */
    struct model_unit *next; /* model's */
};

/* Forgets all units and memory; chances come from the seed. */
void model_begin(uint64_t seed);
void model_add(struct model_unit *unit);

/* Objects of the driver's or the test's; `dma`: whether the chip's DMA reaches
 * that kind of memory. The same place may be named again. */
void model_memory(const volatile void *at, size_t size, bool dma);

/* For a DMA: a word of memory, checked to be there, aligned and reachable. */
uint32_t model_dma_rd(uint32_t address);
void model_dma_wr(uint32_t address, uint32_t value);
void *model_dma_bytes(uint32_t address, size_t len);

/* True once in n, by the seed. Of n numbers one. */
bool model_chance(unsigned n);
uint32_t model_random(uint32_t n);

/* For a unit's rd(): the bus answers with an error. A fault, but in hw_copy(). */
void model_bus_error(uint32_t address);

/* Steps of all units, without an access. */
void model_run(unsigned steps);

/* A rule of the chip. What broke it is printed with the seed, and the test
 * fails. */
#define MODEL_RULE(cond, ...)                                                  \
    (model_count(), (cond) ? (void)0 : model_broken(__VA_ARGS__))
void model_count(void);
_Noreturn void model_broken(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Rules asked since the start of the program; accesses; steps. */
struct model_counts {
    uint64_t rules, accesses, steps;
};
struct model_counts model_counts(void);

/* --- the units that others ask, rcc.c and gpio.c ------------------------- */

/* `name` as in the manual: "GPIOA", "ETHMAC", "SYSCFG". */
bool model_clock_runs(const char *name);
bool model_in_reset(const char *name);

/* The alternate function a pin has now, or -1. */
int model_pin_af(char port, unsigned pin);

#endif
