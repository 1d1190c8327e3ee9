/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What every fuzz target is made of: a reader of the input, a check, a note of
 * what was reached, and a platform that has no chance in it.
 *
 *     input ──► fuzz_u8, fuzz_upto, fuzz_line ... ──► the target ──► FUZZ_CHECK
 *
 * A target is a file with fuzz_one() in it, and does the same for the same
 * bytes, whatever ran before: an input that fails fails alone.
 */
#ifndef TINYMX_FUZZ_H
#define TINYMX_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinymx/mail.h"

/* One input. It may read `data`, which has its exact size, and nothing else. */
void fuzz_one(const uint8_t *data, size_t len);

/* --- reading ------------------------------------------------------------ */

/* The bytes not yet read. At their end everything reads as 0 and empty. */
struct fuzz_in {
    const char *at;
    size_t left;
};

struct fuzz_in fuzz_in(const uint8_t *data, size_t len);
uint8_t fuzz_u8(struct fuzz_in *in);
/* 0 to `most`. */
size_t fuzz_upto(struct fuzz_in *in, size_t most);
/* As many bytes as there are, at most `len`. */
struct mx_span fuzz_bytes(struct fuzz_in *in, size_t len);
/* The next line, without its LF; false: there is none. */
bool fuzz_line(struct fuzz_in *in, struct mx_span *line);
/* A decimal number in front, and the blanks around it; 0 to `most`. */
uint32_t fuzz_number(struct fuzz_in *in, uint32_t most);

/* A copy that a sanitizer sees the ends of, good until the next is lent. */
#define FUZZ_LEND_MAX 65536
const void *fuzz_lend(const void *data, size_t len);

/* A terminated copy, to be freed. */
char *fuzz_string(const void *data, size_t len);

/* --- checking ----------------------------------------------------------- */

#define FUZZ_CHECK(cond)                                                       \
    ((cond) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #cond))

_Noreturn void fuzz_broken(const char *file, int line, const char *what);

bool fuzz_span_within(struct mx_span part, const void *whole, size_t len);

/* Equal, without regard to case? */
bool fuzz_span_is(struct mx_span span, const char *text);

/* Notes, once an input, that it got as far as this (a literal). With
 * TINYMX_FUZZ_REACH set, a line "reached NUMBER WHAT" for each comes out at the
 * end, NUMBER being of inputs; reach.py compares them with what should be. */
void fuzz_reached(const char *what);

/* --- the platform (tinymx/port.h) --------------------------------------- */

/* The clock and the random numbers of every input begin alike; and again where
 * a target runs one twice. */
void fuzz_restart(void);
extern uint32_t fuzz_now_ms;
uint32_t fuzz_random(void);

/* The next so many calls of mx_port_entropy() fail. */
extern unsigned fuzz_no_entropy;

#endif
