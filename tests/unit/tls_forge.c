/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls_forge.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define APPLICATION_DATA 23

/* --- keys --------------------------------------------------------------- */

static unsigned char secret[32]; /* of the last handshake in TLS 1.3 */

static void keep_secret(const SSL *ssl, const char *line)
{
    static const char name[] = "CLIENT_TRAFFIC_SECRET_0 ";
    size_t len;

    (void)ssl;
    if (strncmp(line, name, sizeof name - 1) == 0) {
        assert_int_equal(OPENSSL_hexstr2buf_ex(secret, sizeof secret, &len,
                                               strrchr(line, ' ') + 1, '\0'),
                         1);
        assert_int_equal(len, sizeof secret);
    }
}

void forge_prepare(SSL_CTX *ctx)
{
    SSL_CTX_set_keylog_callback(ctx, keep_secret);
}

static void derive(const char *kdf_name, const OSSL_PARAM *params,
                   unsigned char *out, size_t len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, kdf_name, NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);

    assert_int_equal(EVP_KDF_derive(ctx, out, len, params), 1);
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
}

static OSSL_PARAM text(const char *key, char *value)
{
    return OSSL_PARAM_construct_utf8_string(key, value, 0);
}

static OSSL_PARAM bytes(const char *key, void *value, size_t len)
{
    return OSSL_PARAM_construct_octet_string(key, value, len);
}

/* HKDF-Expand-Label (RFC 8446 7.1). */
static void expand(char *label, unsigned char *out, size_t len)
{
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        text(OSSL_KDF_PARAM_DIGEST, "SHA256"),
        bytes(OSSL_KDF_PARAM_KEY, secret, sizeof secret),
        bytes(OSSL_KDF_PARAM_PREFIX, "tls13 ", 6),
        bytes(OSSL_KDF_PARAM_LABEL, label, strlen(label)),
        OSSL_PARAM_construct_end(),
    };

    derive("TLS13-KDF", params, out, len);
}

/* RFC 5246 6.3: both keys, then both IVs, the client's first. */
static void key_block(struct forge *f, SSL *ssl)
{
    unsigned char master[48], server[32], client[32], block[64 + 24];
    const OSSL_PARAM params[] = {
        text(OSSL_KDF_PARAM_DIGEST, "SHA256"),
        bytes(OSSL_KDF_PARAM_SECRET, master, sizeof master),
        bytes(OSSL_KDF_PARAM_SEED, "key expansion", 13),
        bytes(OSSL_KDF_PARAM_SEED, server, sizeof server),
        bytes(OSSL_KDF_PARAM_SEED, client, sizeof client),
        OSSL_PARAM_construct_end(),
    };

    assert_int_equal(
        SSL_SESSION_get_master_key(SSL_get_session(ssl), master, sizeof master),
        sizeof master);
    SSL_get_server_random(ssl, server, sizeof server);
    SSL_get_client_random(ssl, client, sizeof client);
    derive("TLS1-PRF", params, block, sizeof block);
    memcpy(f->key, block, 32);
    memcpy(f->iv, block + 64, 12);
}

void forge_begin(struct forge *f, SSL *ssl)
{
    f->version = SSL_version(ssl);
    if (f->version == TLS1_3_VERSION) {
        f->seq = 0;
        expand("key", f->key, sizeof f->key);
        expand("iv", f->iv, sizeof f->iv);
    } else {
        f->seq = 1; /* Finished was the first */
        key_block(f, ssl);
    }
}

/* --- records ------------------------------------------------------------ */

static size_t seal(struct forge *f, unsigned char *out, const void *aad,
                   size_t aad_len, const void *in, size_t len)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    unsigned char nonce[12];
    int n;

    memcpy(nonce, f->iv, sizeof nonce);
    for (int i = 0; i < 8; i++) {
        nonce[11 - i] ^= (unsigned char)(f->seq >> (8 * i));
    }
    f->seq++;
    EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, f->key, nonce);
    EVP_EncryptUpdate(ctx, NULL, &n, aad, (int)aad_len);
    EVP_EncryptUpdate(ctx, out, &n, in, (int)len);
    EVP_EncryptFinal_ex(ctx, out + len, &n);
    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, out + len);
    EVP_CIPHER_CTX_free(ctx);
    return len + 16;
}

static void put_header(unsigned char *out, uint8_t type, size_t len)
{
    const unsigned char header[] = {type, 3, 3, (unsigned char)(len >> 8),
                                    (unsigned char)len};

    memcpy(out, header, sizeof header);
}

/* The type stands behind the content, and outside all is alike. */
static size_t record13(struct forge *f, unsigned char *out, uint8_t type,
                       const void *content, size_t len)
{
    unsigned char inner[1024];

    assert_true(len < sizeof inner);
    memcpy(inner, content, len);
    inner[len] = type;
    put_header(out, APPLICATION_DATA, len + 1 + 16);
    return 5 + seal(f, out + 5, out, 5, inner, len + 1);
}

static size_t record12(struct forge *f, unsigned char *out, uint8_t type,
                       const void *content, size_t len)
{
    unsigned char aad[8 + 5];

    for (int i = 0; i < 8; i++) {
        aad[7 - i] = (unsigned char)(f->seq >> (8 * i));
    }
    put_header(aad + 8, type, len);
    put_header(out, type, len + 16);
    return 5 + seal(f, out + 5, aad, sizeof aad, content, len);
}

size_t forge_record(struct forge *f, unsigned char *out, uint8_t type,
                    const void *content, size_t len)
{
    return f->version == TLS1_3_VERSION ? record13(f, out, type, content, len)
                                        : record12(f, out, type, content, len);
}
