/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What somebody installs, PEM or DER, on a device whose two keys are known.
 *
 * Refused, it leaves everything as it was, on the device too. Taken, it is for
 * one of the keys and for the name, is found by the next start, and is shown as
 * it was brought. Pasted line by line it gets the same answer as in one piece.
 */
#include "fuzz.h"
#include "medium.h"
#include "random.h"

#include "tinymx/err.h"
#include "tinymx/keeper.h"
#include "tinymx/tls.h"

#include <string.h>

#define MX "mx.example.test"
#define KEY_LEN 121
#define PAGES_OF_BOTH 64

enum { IN_USE, NEXT, KEYS };

/* For this, and known to everybody. */
static const uint8_t keys[KEYS][KEY_LEN] = {
    /* in use */
    {0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20, 0xb2, 0x68, 0xa6, 0x98,
     0x48, 0xef, 0x79, 0x4b, 0x86, 0x5d, 0x38, 0x4c, 0xfd, 0x9a, 0x6c,
     0x95, 0xea, 0x20, 0x66, 0x8c, 0xeb, 0x27, 0x8e, 0xf7, 0xdc, 0x8e,
     0x62, 0x03, 0x6e, 0x71, 0xbf, 0x4f, 0xa0, 0x0a, 0x06, 0x08, 0x2a,
     0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0xa1, 0x44, 0x03, 0x42,
     0x00, 0x04, 0x57, 0x5e, 0xa4, 0x2e, 0x33, 0xe1, 0x70, 0xc8, 0xea,
     0xc0, 0xa0, 0x85, 0x4c, 0xce, 0x4f, 0x4c, 0xd6, 0x4e, 0xcc, 0xae,
     0x1d, 0x65, 0xca, 0x13, 0x4a, 0xeb, 0xe4, 0x10, 0x37, 0x66, 0xfb,
     0xf8, 0x36, 0xf7, 0x7f, 0x8a, 0x8c, 0xed, 0x07, 0xca, 0x35, 0x56,
     0x5a, 0x01, 0x33, 0x4b, 0x32, 0xcf, 0x77, 0xc2, 0x5b, 0xf0, 0xc5,
     0x55, 0x9c, 0x7c, 0x64, 0xce, 0x2d, 0x9d, 0xe5, 0x8b, 0x49, 0xbc},
    /* next */
    {0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20, 0x08, 0xb0, 0xef, 0x74,
     0x61, 0x8c, 0x94, 0x9b, 0xe1, 0xe2, 0x61, 0xe0, 0x1a, 0x2d, 0x5f,
     0x07, 0x17, 0x79, 0xd1, 0x75, 0xeb, 0x20, 0xee, 0x81, 0x77, 0x26,
     0x92, 0xbe, 0x40, 0x24, 0x89, 0x05, 0xa0, 0x0a, 0x06, 0x08, 0x2a,
     0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0xa1, 0x44, 0x03, 0x42,
     0x00, 0x04, 0x12, 0x45, 0xf7, 0x48, 0x61, 0xb5, 0xb4, 0x81, 0x98,
     0xe9, 0x07, 0xa9, 0x37, 0x6c, 0xc1, 0xa4, 0xfe, 0x79, 0xb0, 0x74,
     0xef, 0xa2, 0xaa, 0xe6, 0xf1, 0xe8, 0xf7, 0xdb, 0x71, 0xd8, 0x8e,
     0xba, 0xa3, 0x59, 0x29, 0x7f, 0x49, 0x7b, 0x3f, 0x1a, 0xfd, 0x9a,
     0x1f, 0x04, 0x27, 0xae, 0x29, 0x1a, 0xe6, 0x94, 0x28, 0xd1, 0x32,
     0xd5, 0x6a, 0x98, 0x87, 0xc2, 0xfb, 0xba, 0x93, 0x4c, 0xea, 0x8f},
};

static struct mx_keeper keeper;
static struct mx_keeper_config cfg = {.mx_name = MX};
static uint8_t digests[KEYS][32];
static struct medium_state made; /* the device, before it */
static uint8_t page[MEDIUM_PAGE];

static struct mx_arena_stats arena(void)
{
    struct mx_arena_stats stats;

    mx_tls_arena_stats(&stats);
    return stats;
}

/* --- the device ------------------------------------------------------------- */

static void make_device(void)
{
    static uint8_t chain[MX_IDENTITY_CERT_DER_MAX];
    struct mx_span parts[MX_ID_PARTS] = {
        [MX_ID_KEY] = {(const char *)keys[IN_USE], KEY_LEN},
        [MX_ID_CHAIN] = {(const char *)chain, 0},
        [MX_ID_NEXT_KEY] = {(const char *)keys[NEXT], KEY_LEN},
    };
    struct mx_idstore store;

    FUZZ_CHECK(mx_tls_arena_init() == 0);
    medium_insert(MEDIUM_NOR);
    medium_call();
    cfg.dev = &medium.block;
    cfg.blocks = mx_idstore_blocks(&medium.block, MX_TLS_OUT_MAX);
    FUZZ_CHECK(mx_identity_self_sign(keys[IN_USE], KEY_LEN, MX, 0, chain,
                                     &parts[MX_ID_CHAIN].len) == 0);
    FUZZ_CHECK(mx_idstore_mount(&store, cfg.dev, cfg.first, cfg.blocks, page) ==
               0);
    FUZZ_CHECK(mx_idstore_write(&store, parts, page) == 0);
    for (unsigned i = 0; i < KEYS; i++) {
        FUZZ_CHECK(mx_identity_key_sha256(keys[i], KEY_LEN, digests[i]) == 0);
    }
    made = medium.now;
}

static void start(void)
{
    const char *why;

    medium_call();
    FUZZ_CHECK(mx_keeper_start(&keeper, &cfg, &why) == 0);
}

/* --- the two ways ----------------------------------------------------------- */

static int by_text(struct mx_span text, const char **why)
{
    return mx_keeper_install_text(&keeper, text.ptr, text.len, why);
}

static int by_lines(struct mx_span text, const char **why)
{
    struct fuzz_in in = {text.ptr, text.len};
    struct mx_span line;

    FUZZ_CHECK(mx_keeper_paste(&keeper, why) == 0);
    while (fuzz_line(&in, &line)) {
        (void)mx_keeper_paste_line(&keeper, line.ptr, line.len, why);
    }
    return mx_keeper_paste_end(&keeper, why);
}

/* --- refused ---------------------------------------------------------------- */

static void check_refused(int rc, const char *why)
{
    uint8_t digest[32];

    FUZZ_CHECK(rc == MX_EFORMAT || rc == MX_ENOTSUP || rc == MX_EMISMATCH ||
               rc == MX_EREFUSED || rc == MX_E2BIG || rc == MX_ENOMEM);
    FUZZ_CHECK(why != NULL && why[0] != '\0');
    FUZZ_CHECK(memcmp(&medium.now, &made, sizeof made) == 0);
    FUZZ_CHECK(mx_keeper_digest(&keeper, false, digest) == 0);
    FUZZ_CHECK(memcmp(digest, digests[IN_USE], sizeof digest) == 0);
    FUZZ_CHECK(keeper.changes == 0);
    fuzz_reached(mx_strerror(rc));
}

/* --- taken ------------------------------------------------------------------ */

/* The lines of what is shown, taken apart again. */
static void take_shown(void *ctx, const char *pem)
{
    struct fuzz_in in = {pem, strlen(pem)};
    struct mx_span line;

    while (fuzz_line(&in, &line)) {
        FUZZ_CHECK(mx_pem_line(ctx, line.ptr, line.len) == 0);
    }
}

static void check_shown(void)
{
    static uint8_t kept[UINT16_MAX], shown[UINT16_MAX];
    struct mx_pem pem = {.der = shown, .room = sizeof shown};
    size_t len = mx_idstore_len(&keeper.store, MX_ID_CHAIN);

    FUZZ_CHECK(mx_idstore_read(&keeper.store, MX_ID_CHAIN, kept, page) == 0);
    FUZZ_CHECK(mx_identity_show(&keeper.id, take_shown, &pem) == 0);
    FUZZ_CHECK(mx_pem_end(&pem) == 0);
    FUZZ_CHECK(pem.len == len && memcmp(shown, kept, len) == 0);
}

static void check_facts(void)
{
    struct mx_identity_facts facts;

    FUZZ_CHECK(mx_identity_describe(&keeper.id, &facts) == 0);
    FUZZ_CHECK(memchr(facts.name, '\0', sizeof facts.name) != NULL);
    FUZZ_CHECK(memchr(facts.issuer, '\0', sizeof facts.issuer) != NULL);
    FUZZ_CHECK(strcmp(facts.key_type, "P-256") == 0);
    FUZZ_CHECK(facts.chain_len >= 1);
    FUZZ_CHECK((keeper.flags & MX_ID_FATAL) == 0);
    FUZZ_CHECK(mx_keeper_identity(&keeper) == &keeper.id);
}

/* Which of the keys it is for, and what has become of the other. */
static unsigned check_key(void)
{
    uint8_t digest[32], next[32];
    unsigned key;

    FUZZ_CHECK(mx_keeper_digest(&keeper, false, digest) == 0);
    key = memcmp(digest, digests[IN_USE], sizeof digest) == 0 ? IN_USE : NEXT;
    FUZZ_CHECK(memcmp(digest, digests[key], sizeof digest) == 0);
    FUZZ_CHECK(mx_keeper_digest(&keeper, true, next) ==
               (key == IN_USE ? 0 : MX_EINVAL));
    return key;
}

static void check_taken(void)
{
    unsigned key = check_key();

    check_facts();
    check_shown();
    mx_keeper_stop(&keeper);
    start();
    FUZZ_CHECK(!keeper.made && check_key() == key);
    check_facts();
    fuzz_reached(key == NEXT ? "installed for the next key" : "installed");
    if ((keeper.flags & MX_ID_WILDCARD) != 0) {
        fuzz_reached("wildcard");
    }
}

static int run(int (*install)(struct mx_span text, const char **why),
               struct mx_span text)
{
    struct mx_arena_stats before = arena(), after;
    const char *why = NULL;
    int rc;

    medium.now = made;
    start();
    medium_call();
    rc = install(text, &why);
    if (rc == 0) {
        check_taken();
    } else {
        check_refused(rc, why);
    }
    mx_keeper_stop(&keeper);
    after = arena();
    FUZZ_CHECK(after.used == before.used && after.largest == before.largest);
    return rc;
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static bool ready;
    struct mx_span text = {(const char *)data, len};
    int rc;

    random_begin();
    if (!ready) {
        make_device();
        ready = true;
    }
    rc = run(by_text, text);
    if (len > 0 && data[0] != 0x30) {
        FUZZ_CHECK(run(by_lines, text) == rc);
    }
}
