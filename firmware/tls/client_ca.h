/* SPDX-License-Identifier: BSD-3-Clause */
/* What became of the client's certificate in a handshake. */
#ifndef TINYMX_TLS_CLIENT_CA_H
#define TINYMX_TLS_CLIENT_CA_H

#include "tinymx/mail.h"

#include <mbedtls/ssl.h>

/* Was one asked for, is it good, and if not, why: for the facts of a session
 * whose handshake is over. */
void client_ca_judge(const mbedtls_ssl_context *ssl,
                     struct mx_tls_facts *facts);

#endif
