/* SPDX-License-Identifier: BSD-3-Clause */
/* A device without an identity makes itself one. */
#include "tinymx/identity.h"

#include "tinymx/err.h"
#include "tinymx/mail.h"
#include "tls/arena.h"
#include "tls/calendar.h"
#include "tls/identity_key.h"
#include "tls/name.h"
#include "util/fmt.h"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <mbedtls/platform_util.h>

#include <string.h>

#define TEN_YEARS_S ((int64_t)3652 * 86400)
#define LAST_S 253402300799 /* 9999-12-31 23:59:59: no end (RFC 5280 4.1.2.5) */
#define STAMP_LEN 15        /* YYYYMMDDHHMMSS */
#define SERIAL_LEN 16
#define COMMON_NAME_MAX 64 /* RFC 5280, ub-common-name */

static void stamp(int64_t s, char out[STAMP_LEN])
{
    struct calendar c;
    struct fmt f;

    calendar_from_s(s, &c);
    fmt_init(&f, out, STAMP_LEN);
    fmt_pad(&f, (uint32_t)c.year, 4);
    fmt_pad(&f, (uint32_t)c.month, 2);
    fmt_pad(&f, (uint32_t)c.day, 2);
    fmt_pad(&f, (uint32_t)c.hour, 2);
    fmt_pad(&f, (uint32_t)c.minute, 2);
    fmt_pad(&f, (uint32_t)c.second, 2);
}

static int set_validity(mbedtls_x509write_cert *w, int64_t now_s)
{
    char from[STAMP_LEN];
    char to[STAMP_LEN];

    stamp(now_s != 0 ? now_s : 1735689600 /* 2025-01-01 */, from);
    stamp(now_s != 0 ? now_s + TEN_YEARS_S : LAST_S, to);
    return mbedtls_x509write_crt_set_validity(w, from, to);
}

/* Subject and issuer are for people to read; nothing compares them with a host
 * name. One that does not fit into a common name is left out. */
static int set_names(mbedtls_x509write_cert *w, const char *mx_name)
{
    char dn[3 + COMMON_NAME_MAX + 1];
    struct fmt f;
    int ret;

    fmt_init(&f, dn, sizeof dn);
    fmt_str(&f, "CN=");
    fmt_str(&f, strlen(mx_name) <= COMMON_NAME_MAX ? mx_name : "tinymx");
    ret = mbedtls_x509write_crt_set_subject_name(w, dn);
    return ret != 0 ? ret : mbedtls_x509write_crt_set_issuer_name(w, dn);
}

static int set_serial(mbedtls_x509write_cert *w)
{
    unsigned char serial[SERIAL_LEN];

    if (psa_generate_random(serial, sizeof serial) != PSA_SUCCESS) {
        return COMPAT_ERR_ENTROPY;
    }
    serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, of full length */
    return mbedtls_x509write_crt_set_serial_raw(w, serial, sizeof serial);
}

static int set_extensions(mbedtls_x509write_cert *w, const char *mx_name)
{
    /* Read only; the type has no const. */
    mbedtls_x509_san_list san = {
        .node = {.type = MBEDTLS_X509_SAN_DNS_NAME,
                 .san.unstructured_name = {
                     .tag = MBEDTLS_ASN1_IA5_STRING,
                     .len = strlen(mx_name),
                     .p = (unsigned char *)(uintptr_t)mx_name}}};
    mbedtls_asn1_sequence server_auth = {
        .buf = {.tag = MBEDTLS_ASN1_OID,
                .len = MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH),
                .p = (unsigned char *)(uintptr_t)MBEDTLS_OID_SERVER_AUTH}};
    int ret = mbedtls_x509write_crt_set_basic_constraints(w, 0, -1);

    if (ret == 0) {
        ret = mbedtls_x509write_crt_set_key_usage(
            w, MBEDTLS_X509_KU_DIGITAL_SIGNATURE);
    }
    if (ret == 0) {
        ret = mbedtls_x509write_crt_set_ext_key_usage(w, &server_auth);
    }
    if (ret == 0) {
        ret = mbedtls_x509write_crt_set_subject_alternative_name(w, &san);
    }
    return ret;
}

static int fill_cert(mbedtls_x509write_cert *w, const char *mx_name,
                     int64_t now_s)
{
    int ret = set_serial(w);

    if (ret == 0) {
        ret = set_validity(w, now_s);
    }
    if (ret == 0) {
        ret = set_names(w, mx_name);
    }
    return ret != 0 ? ret : set_extensions(w, mx_name);
}

/* mbedTLS writes from the end of the buffer. Its length, or its error. */
static int write_cert(mbedtls_pk_context *pk, const char *mx_name,
                      int64_t now_s, uint8_t *der)
{
    mbedtls_x509write_cert w;
    int ret;

    mbedtls_x509write_crt_init(&w);
    mbedtls_x509write_crt_set_md_alg(&w, MBEDTLS_MD_SHA256);
    mbedtls_x509write_crt_set_subject_key(&w, pk);
    mbedtls_x509write_crt_set_issuer_key(&w, pk);
    ret = fill_cert(&w, mx_name, now_s);
    if (ret == 0) {
        ret = compat_crt_der(&w, der, MX_IDENTITY_CERT_DER_MAX);
    }
    mbedtls_x509write_crt_free(&w);
    if (ret > 0) {
        memmove(der, der + MX_IDENTITY_CERT_DER_MAX - ret, (size_t)ret);
    }
    return ret;
}

int mx_identity_self_sign(const void *key, size_t key_len, const char *mx_name,
                          int64_t now_s, uint8_t *der, size_t *len)
{
    mbedtls_pk_context pk;
    int ret;
    int err;

    if (!name_is_host(mx_name)) {
        return MX_EINVAL;
    }
    err = identity_key_read(&pk, key, key_len);
    if (err == 0) {
        ret = write_cert(&pk, mx_name, now_s, der);
        err = ret < 0 ? identity_write_error(ret) : 0;
        *len = ret < 0 ? 0 : (size_t)ret;
    }
    mbedtls_pk_free(&pk);
    return err;
}

/* --- both, as PEM ------------------------------------------------------- */

#define MARKS(label) "-----BEGIN " label "-----\n", "-----END " label "-----\n"

static int write_both(const struct mx_span *key_der, const char *mx_name,
                      int64_t now_s, char *cert, char *key)
{
    uint8_t *der = mx_arena_calloc(1, MX_IDENTITY_CERT_DER_MAX);
    size_t len;
    size_t out;
    int err = MX_ENOMEM;

    if (der != NULL) {
        err = mx_identity_self_sign(key_der->ptr, key_der->len, mx_name, now_s,
                                    der, &len);
    }
    if (err == 0 &&
        (mbedtls_pem_write_buffer(MARKS("CERTIFICATE"), der, len,
                                  (uint8_t *)cert, MX_IDENTITY_CERT_MAX,
                                  &out) != 0 ||
         mbedtls_pem_write_buffer(
             MARKS("EC PRIVATE KEY"), (const uint8_t *)key_der->ptr,
             key_der->len, (uint8_t *)key, MX_IDENTITY_KEY_MAX, &out) != 0)) {
        err = MX_ENOMEM;
    }
    mx_arena_free(der);
    return err;
}

int mx_identity_make(const char *mx_name, int64_t now_s, char *cert, char *key)
{
    uint8_t der[MX_IDENTITY_KEY_DER_MAX];
    struct mx_span key_der = {(const char *)der, 0};
    int err;

    if (!name_is_host(mx_name)) {
        return MX_EINVAL;
    }
    err = mx_identity_make_key(der, &key_der.len);
    if (err == 0) {
        err = write_both(&key_der, mx_name, now_s, cert, key);
    }
    mbedtls_platform_zeroize(der, sizeof der);
    return err;
}
