/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/identity_key.h"

#include "tinymx/err.h"
#include "tls/arena.h"

#include <mbedtls/platform_util.h>

#include <string.h>

#define SPKI_MAX 96 /* P-256: 91 */

/* --- kinds --------------------------------------------------------------- */

/* 0: neither RSA nor of a curve. */
static psa_key_type_t type_of(const mbedtls_pk_context *pk)
{
    psa_key_attributes_t attr = psa_key_attributes_init();

    (void)mbedtls_pk_get_psa_attributes(pk, PSA_KEY_USAGE_VERIFY_HASH, &attr);
    return psa_get_key_type(&attr);
}

bool identity_key_is_p256(const mbedtls_pk_context *pk)
{
    return type_of(pk) == PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1) &&
           mbedtls_pk_get_bitlen(pk) == 256;
}

bool identity_key_is_rsa(const mbedtls_pk_context *pk)
{
    return type_of(pk) == PSA_KEY_TYPE_RSA_PUBLIC_KEY;
}

/* --- DER ----------------------------------------------------------------- */

int identity_write_error(int ret)
{
    if (ret == 0) {
        return 0;
    }
    return ret == COMPAT_ERR_ENTROPY ? MX_EENTROPY : MX_ENOMEM;
}

int identity_key_read(mbedtls_pk_context *pk, const void *der, size_t len)
{
    uint32_t failed = mx_arena_failures();
    int ret;

    mbedtls_pk_init(pk);
    ret = compat_pk_parse_key(pk, der, len);
    if (mx_arena_failures() != failed) {
        return MX_ENOMEM;
    }
    return ret == 0 && identity_key_is_p256(pk) ? 0 : MX_EFORMAT;
}

/* An ECPrivateKey of P-256 (RFC 5915 3): all but the two numbers is the same in
 * every one. */
static const uint8_t begin[] = {0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20};
static const uint8_t between[] = {0xa0, 0x0a, 0x06, 0x08, IDENTITY_KEY_P256,
                                  0xa1, 0x44, 0x03, 0x42, 0x00};
#define PRIVATE 32
#define PUBLIC 65
#define PRIVATE_AT sizeof begin
#define BETWEEN_AT (PRIVATE_AT + PRIVATE)
#define PUBLIC_AT (BETWEEN_AT + sizeof between)
#define KEY_LEN (PUBLIC_AT + PUBLIC)
_Static_assert(KEY_LEN == 2 + 0x77, "begin[] has the length of what follows");
_Static_assert(KEY_LEN <= MX_IDENTITY_KEY_DER_MAX, "a key fits");

static int write_key(psa_key_id_t id, uint8_t *der, size_t *len)
{
    size_t n;

    memcpy(der, begin, sizeof begin);
    memcpy(der + BETWEEN_AT, between, sizeof between);
    if (psa_export_key(id, der + PRIVATE_AT, PRIVATE, &n) != PSA_SUCCESS ||
        psa_export_public_key(id, der + PUBLIC_AT, PUBLIC, &n) != PSA_SUCCESS) {
        mbedtls_platform_zeroize(der, KEY_LEN);
        return MX_ENOMEM;
    }
    *len = KEY_LEN;
    return 0;
}

/* BAD_STATE: PSA did not start, for want of entropy. */
int mx_identity_make_key(uint8_t *der, size_t *len)
{
    psa_key_attributes_t attr = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    psa_status_t status;
    int err;

    psa_set_key_type(&attr, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&attr, 256);
    psa_set_key_algorithm(&attr, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH));
    psa_set_key_usage_flags(&attr,
                            PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_EXPORT);
    status = psa_generate_key(&attr, &id);
    if (status != PSA_SUCCESS) {
        return status == PSA_ERROR_INSUFFICIENT_MEMORY ? MX_ENOMEM
                                                       : MX_EENTROPY;
    }
    err = write_key(id, der, len);
    psa_destroy_key(id);
    return err;
}

int mx_identity_key_sha256(const void *key, size_t key_len, uint8_t out[32])
{
    uint8_t spki[SPKI_MAX];
    mbedtls_pk_context pk;
    size_t hash_len;
    int err = identity_key_read(&pk, key, key_len);

    if (err == 0) {
        int n = mbedtls_pk_write_pubkey_der(&pk, spki, sizeof spki);

        if (n < 0 ||
            psa_hash_compute(PSA_ALG_SHA_256, spki + sizeof spki - n, (size_t)n,
                             out, 32, &hash_len) != PSA_SUCCESS) {
            err = MX_ENOMEM;
        }
    }
    mbedtls_pk_free(&pk);
    return err;
}
