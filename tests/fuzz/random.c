/* SPDX-License-Identifier: BSD-3-Clause */
#include "random.h"

#include "fuzz.h"

#define ENTROPY_SOURCE_FAILED (-0x0034) /* of mbedtls/ctr_drbg.h */

static unsigned failing;

void random_begin(void)
{
    failing = 0;
}

void random_fail(unsigned times)
{
    failing = times;
}

int __wrap_mbedtls_ctr_drbg_random(void *drbg, unsigned char *out, size_t len);

int __wrap_mbedtls_ctr_drbg_random(void *drbg, unsigned char *out, size_t len)
{
    (void)drbg;
    if (failing > 0) {
        failing--;
        return ENTROPY_SOURCE_FAILED;
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = (unsigned char)fuzz_random();
    }
    return 0;
}
