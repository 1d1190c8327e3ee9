/* SPDX-License-Identifier: BSD-3-Clause */
/* The device's private key apart from a certificate. */
#ifndef TINYMX_TLS_IDENTITY_KEY_H
#define TINYMX_TLS_IDENTITY_KEY_H

#include "tinymx/identity.h"
#include "tls/compat.h"

/* The curve's object identifier, the value (RFC 5480 2.1.1.1). */
#define IDENTITY_KEY_P256 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07

/* Of which kind it is, the private one or the public one. */
bool identity_key_is_p256(const mbedtls_pk_context *pk);
bool identity_key_is_rsa(const mbedtls_pk_context *pk);

/* Reads a P-256 key in DER. Call mbedtls_pk_free() in any case.
 * 0, MX_EFORMAT, MX_ENOMEM. */
int identity_key_read(mbedtls_pk_context *pk, const void *der, size_t len);

/* What is left to fail, once the arguments are good: mbedTLS's code as ours. */
int identity_write_error(int ret);

#endif
