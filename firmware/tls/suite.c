/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/suite.h"

#include "tls/compat.h"

/* Whatever is negotiated is in this table, with the name to log. */
#define NAMED(id)                                                              \
    {                                                                          \
        MBEDTLS_##id, #id                                                      \
    }

static const struct {
    int id;
    const char *name;
} names[] = {
    {MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256"},
    {MBEDTLS_TLS1_3_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384"},
    {MBEDTLS_TLS1_3_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256"},
    NAMED(TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
    NAMED(TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
    NAMED(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    NAMED(TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
    NAMED(TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
    NAMED(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
};

/* mbedTLS fails on one in the list that it was not built with. Each of these ends
 * in its comma, or is nothing. */
#if COMPAT_CHACHA
#define CHACHA                                                                 \
    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,                                   \
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
#define RSA_CHACHA MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
#else
#define CHACHA
#define RSA_CHACHA
#endif

#if MX_TLS_SHA384
#define AES_256                                                                \
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,                                         \
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
#define RSA_AES_256 MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
#else
#define AES_256
#define RSA_AES_256
#endif

#define AES                                                                    \
    AES_256 MBEDTLS_TLS1_3_AES_128_GCM_SHA256,                                 \
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
#define RSA_AES RSA_AES_256 MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,

/* A key is of one kind, so the order between the kinds means nothing. */
const int suite_order[] = {
#if MX_TLS_PREFER_CHACHA
    CHACHA AES
#else
    AES CHACHA
#endif
#if MX_TLS_RSA && MX_TLS_PREFER_CHACHA
        RSA_CHACHA RSA_AES
#elif MX_TLS_RSA
        RSA_AES RSA_CHACHA
#endif
    0,
};

const char *suite_name(int id)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].id == id) {
            return names[i].name;
        }
    }
    return "unknown";
}

const char *suite_version(int version)
{
    return version == MBEDTLS_SSL_VERSION_TLS1_3 ? "TLSv1.3" : "TLSv1.2";
}
