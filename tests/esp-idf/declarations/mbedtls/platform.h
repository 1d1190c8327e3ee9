/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of mbedtls/platform.h, as 3.6 and 4.0
 * have it. */
#ifndef TINYMX_DECLARED_MBEDTLS_PLATFORM_H
#define TINYMX_DECLARED_MBEDTLS_PLATFORM_H

#include <stddef.h>

int mbedtls_platform_set_calloc_free(void *(*calloc_func)(size_t, size_t),
                                     void (*free_func)(void *));

#endif
