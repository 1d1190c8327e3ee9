/* SPDX-License-Identifier: BSD-3-Clause */
/* The start of mbedTLS's PSA, and the arena behind it. */
#include "tinymx/tls.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tls/arena.h"
#include "tls/compat.h"

/* PSA of others has a generator of theirs, and it gives numbers whether or not they
 * are random. Whether they are is the port's to say. */
static bool is_random(void)
{
    uint8_t probe[4];

    return COMPAT_OURS || mx_port_entropy(probe, sizeof probe) == 0;
}

/* Where others use PSA, too, their keys are in it: it is left as it is, and to
 * start it once more does nothing. Ours alone has its keys in the arena. */
int mx_tls_arena_init(void)
{
    static bool started;

    if (COMPAT_OURS && started) {
        mbedtls_psa_crypto_free();
    }
    mx_arena_init();
    started = is_random() && psa_crypto_init() == PSA_SUCCESS;
    return started ? 0 : MX_EENTROPY;
}

void mx_tls_arena_stats(struct mx_arena_stats *stats)
{
    mx_arena_stats(stats);
}
