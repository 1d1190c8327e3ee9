/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/identity_key.h"

#include "tinymx/err.h"
#include "tls/arena.h"

#include <mbedtls/entropy.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/psa_util.h>
#include <psa/crypto.h>

#include <string.h>

#define SPKI_MAX 96 /* P-256: 91 */

int identity_write_error(int ret)
{
    if (ret == 0) {
        return 0;
    }
    return ret == MBEDTLS_ERR_ENTROPY_SOURCE_FAILED ? MX_EENTROPY : MX_ENOMEM;
}

int identity_key_read(mbedtls_pk_context *pk, const void *der, size_t len)
{
    uint32_t failed = mx_arena_failures();
    int ret;

    mbedtls_pk_init(pk);
    ret = mbedtls_pk_parse_key(pk, der, len, NULL, 0, mbedtls_psa_get_random,
                               MBEDTLS_PSA_RANDOM_STATE);
    if (mx_arena_failures() != failed) {
        return MX_ENOMEM;
    }
    return ret == 0 && mbedtls_pk_can_do(pk, MBEDTLS_PK_ECDSA) &&
                   mbedtls_pk_get_bitlen(pk) == 256
               ? 0
               : MX_EFORMAT;
}

/* mbedTLS writes from the end of the buffer. */
static int write_key(psa_key_id_t id, uint8_t *der, size_t *len)
{
    mbedtls_pk_context pk;
    int ret;

    mbedtls_pk_init(&pk);
    ret = mbedtls_pk_setup_opaque(&pk, id);
    if (ret == 0) {
        ret = mbedtls_pk_write_key_der(&pk, der, MX_IDENTITY_KEY_DER_MAX);
    }
    mbedtls_pk_free(&pk);
    if (ret < 0) {
        mbedtls_platform_zeroize(der, MX_IDENTITY_KEY_DER_MAX);
        return identity_write_error(ret);
    }
    *len = (size_t)ret;
    memmove(der, der + MX_IDENTITY_KEY_DER_MAX - *len, *len);
    mbedtls_platform_zeroize(der + *len, MX_IDENTITY_KEY_DER_MAX - *len);
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
