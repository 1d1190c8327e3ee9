/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The words of a proof.
 *
 *   ASSUME(x)       from here on only what satisfies x is looked at
 *   PROVE(x, why)   x holds, for all that is looked at
 *   REACHED(x)      some of it satisfies x: the proof is not empty. The runner
 *                   wants CBMC to find an example, and fails without one.
 *
 * A function that is declared and nowhere defined returns any value of its
 * type, another one at each call: that is how inputs are made.
 */
#ifndef TINYMX_PROOF_H
#define TINYMX_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(sizeof(uint32_t) == 4 && sizeof(uint64_t) == 8,
               "the headers are not those of the types that CBMC was told");

#define ASSUME(cond) __CPROVER_assume(cond)
#define PROVE(cond, why) __CPROVER_assert(cond, why)
#ifdef NO_EXAMPLES
#define REACHED(cond) ((void)0)
#else
#define REACHED(cond) __CPROVER_assert(!(cond), "reached: " #cond)
#endif

bool nondet_bool(void);
char nondet_char(void);
int nondet_int(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
size_t nondet_size(void);

#endif
