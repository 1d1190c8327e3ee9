/* SPDX-License-Identifier: BSD-3-Clause */
/* What struct mx_tls and struct mx_tls_server point to. */
#ifndef TINYMX_TLS_IMPL_H
#define TINYMX_TLS_IMPL_H

#include "tinymx/tls.h"
#include "tls/compat.h"

struct mx_tls_server_impl {
    mbedtls_ssl_config conf;
    mbedtls_ssl_ticket_context ticket;
};

struct mx_tls_impl {
    mbedtls_ssl_context ssl;
};

#endif
