/* SPDX-License-Identifier: BSD-3-Clause */
/* Records that no TLS library would send, made with a client's own keys: TLS
 * 1.2 and 1.3 with ChaCha20-Poly1305. */
#ifndef TINYMX_TEST_TLS_FORGE_H
#define TINYMX_TEST_TLS_FORGE_H

#include <openssl/ssl.h>

#include <stddef.h>
#include <stdint.h>

#define FORGE_TLS12_SUITE "ECDHE-ECDSA-CHACHA20-POLY1305"
#define FORGE_TLS13_SUITE "TLS_CHACHA20_POLY1305_SHA256"

/* What a record takes beside its content, at most. */
#define FORGE_OVERHEAD (5 + 1 + 16)

struct forge {
    int version;
    uint64_t seq; /* of the next record */
    unsigned char key[32];
    unsigned char iv[12];
};

/* Before the handshakes of this context. */
void forge_prepare(SSL_CTX *ctx);
/* After a handshake, before its client has sent anything. */
void forge_begin(struct forge *f, SSL *ssl);
/* The next record of this type; its length. */
size_t forge_record(struct forge *f, unsigned char *out, uint8_t type,
                    const void *content, size_t len);

#endif
