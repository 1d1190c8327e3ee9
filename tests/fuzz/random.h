/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mbedTLS's random numbers, by the fuzzer's. Its DRBG goes on from input to
 * input; a session has to be the same whatever ran before it. So the linker
 * puts this in its place (--wrap=mbedtls_ctr_drbg_random).
 */
#ifndef TINYMX_FUZZ_RANDOM_H
#define TINYMX_FUZZ_RANDOM_H

/* Before each input: nothing fails. */
void random_begin(void);
/* The next so many calls fail. */
void random_fail(unsigned times);

#endif
