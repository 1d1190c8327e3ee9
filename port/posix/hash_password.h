/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx-sim --hash-password: a password becomes its verifier. */
#ifndef TINYMX_POSIX_HASH_PASSWORD_H
#define TINYMX_POSIX_HASH_PASSWORD_H

#include <stdint.h>

/* Reads a password from standard input and prints its verifier on standard
 * output. 0, or an error with the reason. */
int hash_password(uint32_t iterations, char *why);

#endif
