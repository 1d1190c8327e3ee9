/* SPDX-License-Identifier: BSD-3-Clause */
/* The cipher suites we offer, and what they and the versions are called. */
#ifndef TINYMX_TLS_SUITE_H
#define TINYMX_TLS_SUITE_H

/* For mbedtls_ssl_conf_ciphersuites(): best first, 0 at the end. */
extern const int suite_order[];

/* IANA's name. "unknown" for a suite that is not in suite_order. */
const char *suite_name(int id);

/* As OpenSSL and the Received: lines of others write it. */
const char *suite_version(int version);

#endif
