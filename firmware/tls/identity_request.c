/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking a CA for a certificate. */
#include "tls/identity_key.h"

#include "tinymx/err.h"
#include "tls/name.h"

#include <string.h>

/* The subject stays empty: CAs take the names from the SAN (RFC 8555 7.4), and
 * a common name has no room for a long one. */
static int write_request(mbedtls_pk_context *pk, const char *mx_name, char *pem)
{
    /* Read only; the type has no const. */
    mbedtls_x509_san_list san = {
        .node = {.type = MBEDTLS_X509_SAN_DNS_NAME,
                 .san.unstructured_name = {
                     .tag = MBEDTLS_ASN1_IA5_STRING,
                     .len = strlen(mx_name),
                     .p = (unsigned char *)(uintptr_t)mx_name}}};
    mbedtls_x509write_csr w;
    int ret;

    mbedtls_x509write_csr_init(&w);
    mbedtls_x509write_csr_set_md_alg(&w, MBEDTLS_MD_SHA256);
    mbedtls_x509write_csr_set_key(&w, pk);
    ret = mbedtls_x509write_csr_set_subject_alternative_name(&w, &san);
    if (ret == 0) {
        ret = compat_csr_pem(&w, (uint8_t *)pem, MX_IDENTITY_CSR_MAX);
    }
    mbedtls_x509write_csr_free(&w);
    return ret;
}

int mx_identity_request(const void *key, size_t key_len, const char *mx_name,
                        char *pem)
{
    mbedtls_pk_context pk;
    int err;

    if (!name_is_host(mx_name)) {
        return MX_EINVAL;
    }
    err = identity_key_read(&pk, key, key_len);
    if (err == 0) {
        err = identity_write_error(write_request(&pk, mx_name, pem));
    }
    mbedtls_pk_free(&pk);
    return err;
}
