/* SPDX-License-Identifier: BSD-3-Clause */
/* The device's private key apart from a certificate. */
#ifndef TINYMX_TLS_IDENTITY_KEY_H
#define TINYMX_TLS_IDENTITY_KEY_H

#include "tinymx/identity.h"

#include <mbedtls/pk.h>

/* Reads a P-256 key in DER. Call mbedtls_pk_free() in any case.
 * 0, MX_EFORMAT, MX_ENOMEM. */
int identity_key_read(mbedtls_pk_context *pk, const void *der, size_t len);

/* What is left to fail, once the arguments are good: mbedTLS's code as ours. */
int identity_write_error(int ret);

#endif
