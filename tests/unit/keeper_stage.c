/* SPDX-License-Identifier: BSD-3-Clause */
#include "keeper_stage.h"

#include "tinymx/tls.h"

#include <stdio.h>
#include <string.h>

#define LINES_MAX 256

struct mx_keeper keeper;
struct block_ram flash;
struct mx_keeper_config keeper_config;
const char *why;

static EVP_PKEY *ca_key;
static struct mx_arena_stats before;
static bool runs;

static char lines[LINES_MAX][512];
static unsigned line_count;

static void see(const char *line)
{
    assert_true(line_count < LINES_MAX);
    strcpy(lines[line_count++], line);
}

unsigned told(const char *text)
{
    unsigned n = 0;

    for (unsigned i = 0; i < line_count; i++) {
        n += strstr(lines[i], text) != NULL;
    }
    return n;
}

/* --- starts --------------------------------------------------------------- */

void stop(void)
{
    if (runs) {
        mx_keeper_stop(&keeper);
        runs = false;
    }
}

int start(void)
{
    stop();
    line_count = 0;
    runs = true;
    return mx_keeper_start(&keeper, &keeper_config, &why);
}

int keeper_open(void **state)
{
    (void)state;
    ca_key = cert_key("P-256");
    return mx_tls_arena_init();
}

int keeper_close(void **state)
{
    (void)state;
    EVP_PKEY_free(ca_key);
    return 0;
}

int keeper_setup(void **state)
{
    (void)state;
    stop();
    mx_tls_arena_stats(&before);
    block_ram_init(&flash, &block_ram_geometry[1], 0xff);
    keeper_config = (struct mx_keeper_config){
        .mx_name = MX,
        .dev = &flash.block,
        .first = 2,
        .blocks = mx_idstore_blocks(&flash.block, MX_TLS_OUT_MAX),
    };
    test_time_s = 1795444080; /* 23 Nov 2026 */
    test_now_ms = 1000;
    test_log_see = see;
    return 0;
}

int keeper_teardown(void **state)
{
    struct mx_arena_stats now;

    (void)state;
    stop();
    mx_tls_arena_stats(&now);
    return now.used == before.used && now.largest == before.largest ? 0 : -1;
}

/* --- the CA --------------------------------------------------------------- */

EVP_PKEY *device_key(enum mx_id_part part)
{
    uint8_t page[256], der[MX_IDENTITY_KEY_DER_MAX];
    const uint8_t *p = der;
    EVP_PKEY *key;

    assert_int_equal(mx_idstore_read(&keeper.store, part, der, page), 0);
    key =
        d2i_AutoPrivateKey(NULL, &p, (long)mx_idstore_len(&keeper.store, part));
    assert_non_null(key);
    return key;
}

struct cert issue_until(EVP_PKEY *key, const char *san, int64_t from_s,
                        int64_t to_s)
{
    struct cert c = cert_make(&(struct cert_spec){.san = san,
                                                  .key = key,
                                                  .signer = ca_key,
                                                  .issuer_cn = "ca",
                                                  .now_s = test_time_s,
                                                  .from_s = from_s,
                                                  .to_s = to_s});

    EVP_PKEY_free(key);
    return c;
}

struct cert issue(EVP_PKEY *key, const char *san)
{
    return issue_until(key, san, -DAY_S, 365 * DAY_S);
}

/* --- what it is ----------------------------------------------------------- */

struct mx_identity_facts facts(void)
{
    struct mx_identity_facts f;

    assert_int_equal(mx_identity_describe(&keeper.id, &f), 0);
    return f;
}

struct digest digest(bool next)
{
    struct digest d;

    assert_int_equal(mx_keeper_digest(&keeper, next, d.byte), 0);
    return d;
}

void assert_same(struct digest a, struct digest b)
{
    assert_memory_equal(a.byte, b.byte, sizeof a.byte);
}

void assert_differ(struct digest a, struct digest b)
{
    assert_memory_not_equal(a.byte, b.byte, sizeof a.byte);
}

void assert_answer(int rc, int want, const char *part)
{
    if (rc != want || strstr(why, part) == NULL) {
        fail_msg("%s (%s), not %s (%s)", mx_strerror(rc), why,
                 mx_strerror(want), part);
    }
}
