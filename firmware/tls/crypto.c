/* SPDX-License-Identifier: BSD-3-Clause */
/* What mbedTLS is given by us: memory, randomness and the time since boot. */
#include "tinymx/tls.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tls/arena.h"

#include <mbedtls/entropy.h>
#include <mbedtls/platform.h>
#include <mbedtls/platform_time.h>
#include <psa/crypto.h>

static bool started;

int mx_tls_arena_init(void)
{
    if (started) {
        mbedtls_psa_crypto_free();
    }
    mx_arena_init();
    started = psa_crypto_init() == PSA_SUCCESS;
    if (!started) {
        mbedtls_psa_crypto_free();
        return MX_EENTROPY;
    }
    return 0;
}

void mx_tls_arena_stats(struct mx_arena_stats *stats)
{
    mx_arena_stats(stats);
}

/* Of mbedTLS's private entropy_poll.h. */
int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len,
                          size_t *olen);

/* Seeds mbedTLS's DRBG; a failure here fails psa_crypto_init(), or later the
 * operation that wanted to reseed. */
int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len,
                          size_t *olen)
{
    (void)data;
    *olen = 0;
    if (mx_port_entropy(output, len) != 0) {
        return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
    }
    *olen = len;
    return 0;
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
