/* SPDX-License-Identifier: BSD-3-Clause */
#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/identity_impl.h"

#include <mbedtls/pem.h>

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

static int show(const mbedtls_x509_crt *crt,
                void (*see)(void *ctx, const char *pem), void *ctx)
{
    size_t room = 0;
    unsigned char *pem;
    int ret;

    /* Without room it says how much it wants. */
    (void)mbedtls_pem_write_buffer(BEGIN, END, crt->raw.p, crt->raw.len, NULL,
                                   0, &room);
    pem = mx_arena_calloc(1, room);
    if (pem == NULL) {
        return MX_ENOMEM;
    }
    ret = mbedtls_pem_write_buffer(BEGIN, END, crt->raw.p, crt->raw.len, pem,
                                   room, &room);
    if (ret == 0) {
        see(ctx, (const char *)pem);
    }
    mx_arena_free(pem);
    return ret == 0 ? 0 : MX_ENOMEM;
}

int mx_identity_show(const struct mx_identity *id,
                     void (*see)(void *ctx, const char *pem), void *ctx)
{
    const mbedtls_x509_crt *crt = id->impl != NULL ? &id->impl->chain : NULL;
    int rc = crt != NULL ? 0 : MX_EINVAL;

    for (; crt != NULL && rc == 0; crt = crt->next) {
        rc = show(crt, see, ctx);
    }
    return rc;
}
