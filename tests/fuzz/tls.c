/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The TLS channel, with whatever comes in place of a ClientHello and behind it.
 * The first two bytes are cuts, the rest is for push().
 *
 * What comes out are records; the same bytes cut otherwise bring the same ones
 * out; and the arena is afterwards as it was.
 */
#include "fuzz.h"
#include "random.h"
#include "records.h"

#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include <string.h>

#define OUT_MAX 65536

static struct mx_identity identity;
static struct mx_tls_server server;
static struct mx_tls tls;

/* What a run ended in. */
static struct run {
    enum mx_tls_state state;
    int error;
    size_t len;
    char out[OUT_MAX];
} first, again;

static void init(void)
{
    static char cert[MX_IDENTITY_CERT_MAX], key[MX_IDENTITY_KEY_MAX];

    FUZZ_CHECK(mx_tls_arena_init() == 0);
    FUZZ_CHECK(mx_identity_make("mx.example.test", 0, cert, key) == 0);
    FUZZ_CHECK(mx_identity_load(&identity, cert, strlen(cert), key, strlen(key),
                                NULL) == 0);
    FUZZ_CHECK(mx_tls_server_init(&server, &identity) == 0);
}

/* Takes what came out, at most `most` at once. */
static bool take_out(struct run *run, struct records *records, size_t most)
{
    size_t len;
    const void *out = mx_tls_out_buf(&tls, &len);

    FUZZ_CHECK((out != NULL) == (len > 0));
    if (len == 0) {
        return false;
    }
    len = len < most ? len : most;
    records_push(records, out, len);
    FUZZ_CHECK(len <= sizeof run->out - run->len);
    memcpy(run->out + run->len, out, len);
    run->len += len;
    mx_tls_out_ack(&tls, len);
    return true;
}

/* Nobody who has not finished a handshake gets a word through. */
static void check_silent(void)
{
    size_t len;

    FUZZ_CHECK(mx_tls_in_buf(&tls, &len) == NULL && len == 0);
    FUZZ_CHECK(mx_tls_state(&tls) == MX_TLS_HANDSHAKE ||
               mx_tls_state(&tls) == MX_TLS_FAILED);
    FUZZ_CHECK(mx_tls_write(&tls, "220 hello\r\n", 11) == 0);
}

static void push_all(struct run *run, struct records *records,
                     struct fuzz_in in, size_t cut)
{
    while (in.left > 0) {
        struct mx_span piece = fuzz_bytes(&in, cut);
        const char *copy = fuzz_lend(piece.ptr, piece.len);
        size_t used = 0;

        while (used < piece.len) {
            size_t n = mx_tls_push(&tls, copy + used, piece.len - used);

            FUZZ_CHECK(n <= piece.len - used);
            used += n;
            FUZZ_CHECK(take_out(run, records, cut) || n > 0);
            check_silent();
        }
        while (take_out(run, records, cut)) {
        }
    }
}

static void replay(struct run *run, struct fuzz_in in, size_t cut)
{
    struct records records = {.fill = 0};

    run->len = 0;
    fuzz_restart();
    random_begin();
    FUZZ_CHECK(mx_tls_start(&tls, &server) == 0);
    push_all(run, &records, in, cut);
    mx_tls_push_eof(&tls);
    while (take_out(run, &records, cut)) {
    }
    check_silent();
    FUZZ_CHECK(mx_tls_state(&tls) == MX_TLS_FAILED);
    FUZZ_CHECK(mx_tls_error(&tls) < 0 && mx_tls_error_text(&tls) != NULL);
    FUZZ_CHECK(records.fill == 0 && records.left == 0);
    run->state = mx_tls_state(&tls);
    run->error = mx_tls_error(&tls);
    mx_tls_end(&tls);
    if (records.whole > 1) {
        fuzz_reached("ServerHello");
    }
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    struct mx_arena_stats before, after;
    size_t cut = 1 + fuzz_upto(&in, 1000);

    if (identity.impl == NULL) {
        init();
    }
    mx_tls_arena_stats(&before);
    replay(&first, in, SIZE_MAX);
    replay(&again, in, cut);
    FUZZ_CHECK(first.state == again.state && first.error == again.error);
    FUZZ_CHECK(first.len == again.len &&
               memcmp(first.out, again.out, first.len) == 0);
    mx_tls_arena_stats(&after);
    FUZZ_CHECK(before.used == after.used && before.blocks == after.blocks);
    FUZZ_CHECK(before.largest == after.largest);
}
