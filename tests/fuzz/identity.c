/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificate and key as somebody pasted them, PEM or DER. They are divided by
 * the line "-- KEY --"; without it the input is both.
 *
 * Whatever it is, the arena is afterwards as it was; and what was accepted has
 * facts that can be printed and serves for a TLS server.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "random.h"

#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "tinymx/tls.h"

#include <string.h>

#define DIVIDER "-- KEY --\n"
#define NOW_S 1795444080 /* 23 Nov 2026 */

static struct mx_arena_stats arena(void)
{
    struct mx_arena_stats stats;

    mx_tls_arena_stats(&stats);
    return stats;
}

static void check_back_at(const struct mx_arena_stats *before)
{
    struct mx_arena_stats now = arena();

    FUZZ_CHECK(now.used == before->used && now.blocks == before->blocks);
    FUZZ_CHECK(now.largest == before->largest);
}

static void check_refused(int rc, const char *why)
{
    FUZZ_CHECK(rc == MX_EFORMAT || rc == MX_ENOTSUP || rc == MX_EMISMATCH ||
               rc == MX_ENOMEM);
    FUZZ_CHECK(why != NULL && why[0] != '\0');
    fuzz_reached(mx_strerror(rc));
}

static void check_flags(unsigned flags)
{
    FUZZ_CHECK(flags < 256);
    FUZZ_CHECK((flags & MX_ID_NO_SAN) == 0 || (flags & MX_ID_WRONG_NAME) == 0);
    FUZZ_CHECK((flags & MX_ID_WILDCARD) == 0 || (flags & MX_ID_FATAL) == 0);
    for (unsigned flag = 1; flag < 256; flag <<= 1) {
        FUZZ_CHECK((flags & flag) == 0 ||
                   mx_identity_advice((enum mx_identity_flag)flag) != NULL);
    }
}

static void check_accepted(const struct mx_identity *id)
{
    struct mx_identity_facts facts;
    struct mx_tls_server server;
    struct mx_arena_stats before = arena();
    uint8_t digest[32];

    FUZZ_CHECK(mx_identity_describe(id, &facts) == 0);
    FUZZ_CHECK(memchr(facts.name, '\0', sizeof facts.name) != NULL);
    FUZZ_CHECK(memchr(facts.key_type, '\0', sizeof facts.key_type) != NULL);
    FUZZ_CHECK(facts.chain_len >= 1);
    FUZZ_CHECK(mx_identity_spki_sha256(id, digest) == 0);
    check_flags(mx_identity_check(id, "mx.example.test", NOW_S));
    check_flags(mx_identity_check(id, "mx.example.test", 0));
    fuzz_reached(facts.key_type[0] == 'P' ? "P-256" : "RSA");
    if (mx_tls_server_init(&server, id) == 0) {
        mx_tls_server_free(&server);
    }
    check_back_at(&before);
}

static void load(struct mx_span cert, struct mx_span key)
{
    struct mx_arena_stats before = arena();
    struct mx_identity id;
    const char *why = NULL;
    int rc = mx_identity_load(&id, cert.ptr, cert.len, key.ptr, key.len, &why);

    FUZZ_CHECK((id.impl != NULL) == (rc == 0));
    if (rc == 0) {
        check_accepted(&id);
    } else {
        check_refused(rc, why);
    }
    mx_identity_free(&id);
    check_back_at(&before);
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static bool ready;
    const char *text = (const char *)data;
    const char *divider = memmem(text, len, DIVIDER, strlen(DIVIDER));
    size_t at = divider != NULL ? (size_t)(divider - text) : len;

    if (!ready) {
        FUZZ_CHECK(mx_tls_arena_init() == 0);
        ready = true;
    }
    random_begin();
    if (divider == NULL) {
        load((struct mx_span){text, len}, (struct mx_span){text, len});
    } else {
        divider += strlen(DIVIDER);
        load((struct mx_span){text, at},
             (struct mx_span){divider, (size_t)(text + len - divider)});
    }
}
