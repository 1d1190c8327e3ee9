/* SPDX-License-Identifier: BSD-3-Clause */
/* What all sessions share: configuration, identity, the keys of tickets. */
#include "tinymx/err.h"
#include "tls/arena.h"
#include "tls/compat.h"
#include "tls/identity_impl.h"
#include "tls/suite.h"
#include "tls/tls_impl.h"

#include <string.h>

_Static_assert(MX_TLS_TICKET_S <= 604800, "RFC 8446 4.6.1");

/* Never by a ticket's secret alone, which has no forward secrecy. */
#define KEY_EXCHANGES                                                          \
    (MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL |                          \
     MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL)

static const uint16_t groups[] = {
#if COMPAT_X25519
    MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
#endif
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
    MBEDTLS_SSL_IANA_TLS_GROUP_NONE,
};

static const uint16_t sig_algs[] = {
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
#if MX_TLS_RSA
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
#endif
    MBEDTLS_TLS1_3_SIG_NONE,
};

static int use_tickets(struct mx_tls_server_impl *impl)
{
    int ret = compat_ticket_setup(&impl->ticket, MX_TLS_TICKET_S);

    if (ret == 0) {
        mbedtls_ssl_conf_session_tickets_cb(
            &impl->conf, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse,
            &impl->ticket);
    }
    return ret;
}

/* mbedTLS keeps a list of identities; ours has one. */
static int use_identity(struct mx_tls_server_impl *impl,
                        struct mx_identity_impl *id)
{
    mbedtls_ssl_conf_own_cert(&impl->conf, NULL, NULL);
    return mbedtls_ssl_conf_own_cert(&impl->conf, &id->chain, &id->key);
}

static int configure(struct mx_tls_server_impl *impl,
                     struct mx_identity_impl *id)
{
    mbedtls_ssl_config *conf = &impl->conf;
    int ret = mbedtls_ssl_config_defaults(conf, MBEDTLS_SSL_IS_SERVER,
                                          MBEDTLS_SSL_TRANSPORT_STREAM,
                                          MBEDTLS_SSL_PRESET_DEFAULT);

    if (ret != 0) {
        return ret;
    }
    compat_conf_rng(conf);
    mbedtls_ssl_conf_min_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_max_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_3);
    mbedtls_ssl_conf_ciphersuites(conf, suite_order);
    mbedtls_ssl_conf_groups(conf, groups);
    mbedtls_ssl_conf_sig_algs(conf, sig_algs);
    mbedtls_ssl_conf_tls13_key_exchange_modes(conf, KEY_EXCHANGES);
    mbedtls_ssl_conf_authmode(conf, MBEDTLS_SSL_VERIFY_NONE);
    ret = use_identity(impl, id);
    return ret != 0 ? ret : use_tickets(impl);
}

int mx_tls_server_init(struct mx_tls_server *server,
                       const struct mx_identity *id)
{
    struct mx_tls_server_impl *impl;

    server->impl = NULL;
    if (id->impl == NULL) {
        return MX_EINVAL;
    }
    impl = mx_arena_calloc(1, sizeof *impl);
    if (impl == NULL) {
        return MX_ENOMEM;
    }
    server->impl = impl;
    mbedtls_ssl_config_init(&impl->conf);
    mbedtls_ssl_ticket_init(&impl->ticket);
    if (configure(impl, id->impl) != 0) {
        mx_tls_server_free(server);
        return MX_ENOMEM;
    }
    return 0;
}

void mx_tls_server_free(struct mx_tls_server *server)
{
    if (server->impl != NULL) {
        mbedtls_ssl_config_free(&server->impl->conf);
        mbedtls_ssl_ticket_free(&server->impl->ticket);
        mx_arena_free(server->impl);
        server->impl = NULL;
    }
}

/* Keys that are made anew cannot open a ticket of before. Without them resumption
 * is over, and nothing else. */
static void renew_tickets(struct mx_tls_server_impl *impl)
{
    if (impl->conf.MBEDTLS_PRIVATE(f_ticket_write) == NULL) {
        return;
    }
    mbedtls_ssl_ticket_free(&impl->ticket);
    mbedtls_ssl_ticket_init(&impl->ticket);
    if (use_tickets(impl) != 0) {
        mbedtls_ssl_conf_session_tickets_cb(&impl->conf, NULL, NULL, NULL);
    }
}

int mx_tls_server_identify(struct mx_tls_server *server,
                           const struct mx_identity *id)
{
    struct mx_tls_server_impl *impl = server->impl;

    if (impl == NULL || id->impl == NULL) {
        return MX_EINVAL;
    }
    if (use_identity(impl, id->impl) != 0) {
        return MX_ENOMEM;
    }
    renew_tickets(impl);
    return 0;
}
