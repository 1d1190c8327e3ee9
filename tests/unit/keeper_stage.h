/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stage for the keeper: a device in RAM, a CA, and what the keeper said. The
 * log goes to a list of its own, so that a test can ask how often it was told.
 */
#ifndef TINYMX_TEST_KEEPER_STAGE_H
#define TINYMX_TEST_KEEPER_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "block_ram.h"
#include "test_port.h"
#include "tls_certs.h"

#include "tinymx/err.h"
#include "tinymx/keeper.h"

#define MX "mx.example.test"
#define DAY_S 86400

extern struct mx_keeper keeper;
extern struct block_ram flash;
extern struct mx_keeper_config keeper_config; /* of the next start */
extern const char *why;                       /* of the last answer */

/* For cmocka: the group's and each test's. After a test the arena is as it was
 * without a keeper. */
int keeper_open(void **state);
int keeper_close(void **state);
int keeper_setup(void **state);
int keeper_teardown(void **state);
#define KEEPER_TEST(test)                                                      \
    cmocka_unit_test_setup_teardown(test, keeper_setup, keeper_teardown)

/* --- starts --------------------------------------------------------------- */

/* With keeper_config: the keeper there was is stopped, and nothing but what the
 * device has goes from one life to the next. */
int start(void);
void stop(void);

/* How many lines of the log since the last start have this text. */
unsigned told(const char *text);

/* --- the CA --------------------------------------------------------------- */

/* The private key that the device has in use, or its next. Read from the store,
 * behind the keeper's back. */
EVP_PKEY *device_key(enum mx_id_part part);

/* A certificate of the CA's for a key; EVP_PKEY_free() is done. */
struct cert issue(EVP_PKEY *key, const char *san);
struct cert issue_until(EVP_PKEY *key, const char *san, int64_t from_s,
                        int64_t to_s);

/* --- what it is ----------------------------------------------------------- */

struct mx_identity_facts facts(void);

struct digest {
    uint8_t byte[32];
};
struct digest digest(bool next);
void assert_same(struct digest a, struct digest b);
void assert_differ(struct digest a, struct digest b);

/* The answer, and a part of the sentence that belongs to it. */
void assert_answer(int rc, int want, const char *part);

#endif
