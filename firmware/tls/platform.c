/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What mbedTLS asks its platform for, where that is ours: randomness and the time
 * since boot. Memory is the arena's. A system that has an mbedTLS of its own, as
 * ESP-IDF, answers itself and leaves this file out.
 */
#include "tinymx/port.h"
#include "tls/compat.h"

#include <mbedtls/platform.h>
#include <mbedtls/platform_time.h>

/* Of mbedTLS 3.6's private entropy_poll.h, and what it is in 4. */
int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len,
                          size_t *olen);
int mbedtls_platform_get_entropy(uint32_t flags, size_t *bits,
                                 unsigned char *output, size_t len);

/* Seeds mbedTLS's DRBG; a failure here fails psa_crypto_init(), or later the
 * operation that wanted to reseed. */
int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len,
                          size_t *olen)
{
    (void)data;
    *olen = 0;
    if (mx_port_entropy(output, len) != 0) {
        return COMPAT_ERR_ENTROPY;
    }
    *olen = len;
    return 0;
}

int mbedtls_platform_get_entropy(uint32_t flags, size_t *bits,
                                 unsigned char *output, size_t len)
{
    if (flags != 0) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    *bits = 8 * len;
    return mx_port_entropy(output, len) != 0 ? COMPAT_ERR_ENTROPY : 0;
}

/* The port's clock wraps after 49 days; this one does not, if it is asked that
 * often. If it is not, a ticket looks younger than it is. */
mbedtls_ms_time_t mbedtls_ms_time(void)
{
    static uint32_t wraps;
    static uint32_t last;
    uint32_t now = mx_port_now_ms();

    if (now < last) {
        wraps++;
    }
    last = now;
    return (mbedtls_ms_time_t)wraps << 32 | now;
}

int64_t mx_tls_uptime_s(int64_t *out)
{
    int64_t now = mbedtls_ms_time() / 1000;

    if (out != NULL) {
        *out = now;
    }
    return now;
}
