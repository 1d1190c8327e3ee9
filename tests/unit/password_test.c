/* SPDX-License-Identifier: BSD-3-Clause */
/* Verifiers of Python's hashlib and of RFC 7914 11, and some that are none. */
#include "tinymx/err.h"
#include "tinymx/password.h"
#include "tinymx/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define KEY "dClvKSmj66n6MdMWNv3Go4mvH1Ym2WIGiJvquqa+mfE="
#define SALT "c2FsdHNhbHRzYWx0c2FsdA=="
#define SECRET "pbkdf2-sha256$1000$" SALT "$" KEY
#define P32 "pppppppppppppppppppppppppppppppp"

/* clang-format off */
static const struct { const char *password, *verifier; } good[] = {
    {"secret", SECRET},
    {"", "pbkdf2-sha256$1000$eA==$9Rz89oeFGCfVyODUhl8Ue3px9RKn+L1Qragv5aMhTI8="},
    {P32 P32, "pbkdf2-sha256$1001$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
              "$inEmuBO4Jw80724U/izcLKXcff5nqJJ4+MjHmM9YAWk="},
    {P32 P32 "p", "pbkdf2-sha256$4096$TmFDbA=="
                  "$DD93B24HDt84bwwQpbXp6N75KeBTOLl/z+PPq0aXO54="},
    /* RFC 7914 11 */
    {"Password", "pbkdf2-sha256$80000$TmFDbA==$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y="},
};

static const char *const bad[] = {
    "",
    "secret",
    "pbkdf2-sha256",
    "pbkdf2-sha256$",
    "pbkdf2-sha512$1000$" SALT "$" KEY,
    "pbkdf2-sha256$$" SALT "$" KEY,
    "pbkdf2-sha256$999$" SALT "$" KEY,
    "pbkdf2-sha256$10000001$" SALT "$" KEY,
    "pbkdf2-sha256$4294968296$" SALT "$" KEY, /* 1000 and 2^32 */
    "pbkdf2-sha256$-1000$" SALT "$" KEY,
    "pbkdf2-sha256$1000x$" SALT "$" KEY,
    "pbkdf2-sha256$1000$$" KEY,
    "pbkdf2-sha256$1000$" SALT,
    "pbkdf2-sha256$1000$" SALT "$",
    "pbkdf2-sha256$1000$c2=$" KEY,
    "pbkdf2-sha256$1000$" KEY KEY "$" KEY,
    "pbkdf2-sha256$1000$" SALT "$" SALT,
    "pbkdf2-sha256$1000$" SALT "$" KEY "$",
    "pbkdf2-sha256$1000$" SALT "$" KEY "AAAA",
    "pbkdf2-sha256$1000$" SALT "$" KEY " ",
    "PBKDF2-SHA256$1000$" SALT "$" KEY,
};
/* clang-format on */

static struct mx_span span(const char *text)
{
    return (struct mx_span){text, strlen(text)};
}

static int try(const char *verifier, const char *password, uint32_t step)
{
    struct mx_password p;
    int rc = mx_password_begin(&p, verifier, span(password));

    assert_int_equal(rc, 0);
    do {
        rc = mx_password_step(&p, step);
    } while (rc == MX_EAGAIN);
    mx_password_end(&p);
    mx_password_end(&p);
    return rc;
}

static uint32_t blocks(void)
{
    struct mx_arena_stats stats;

    mx_tls_arena_stats(&stats);
    return stats.blocks;
}

static void test_right_and_wrong(void **state)
{
    uint32_t before = blocks();

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(mx_password_check(good[i].verifier), 0);
        if (try(good[i].verifier, good[i].password, 1000000) != 0) {
            fail_msg("%s is not right", good[i].password);
        }
        assert_int_equal(try(good[i].verifier, "Secret", 1000000),
                         MX_EMISMATCH);
    }
    assert_int_equal(blocks(), before);
}

/* However it is cut into pieces, it takes as many iterations as it says. */
static void test_steps(void **state)
{
    struct mx_password p;

    (void)state;
    for (uint32_t step = 1; step <= 1001; step += 100) {
        assert_int_equal(try(SECRET, "secret", step), 0);
        assert_int_equal(try(SECRET, "secre", step), MX_EMISMATCH);
    }
    assert_int_equal(mx_password_begin(&p, SECRET, span("secret")), 0);
    assert_int_equal(mx_password_step(&p, 998), MX_EAGAIN);
    assert_int_equal(mx_password_step(&p, 0), MX_EAGAIN);
    assert_int_equal(mx_password_step(&p, 1), 0);
    mx_password_end(&p);
}

static void test_no_verifiers(void **state)
{
    struct mx_password p;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (mx_password_check(bad[i]) != MX_EFORMAT) {
            fail_msg("%s is taken", bad[i]);
        }
        assert_int_equal(mx_password_begin(&p, bad[i], span("secret")),
                         MX_EFORMAT);
        mx_password_end(&p);
    }
}

/* A prefix of a verifier, with any byte of it changed, is none or another. */
static void test_changed(void **state)
{
    char text[] = SECRET;

    (void)state;
    for (size_t i = 0; text[i] != '\0'; i++) {
        char c = text[i];

        text[i] = c == 'x' ? 'y' : 'x';
        if (mx_password_check(text) == 0) {
            assert_int_equal(try(text, "secret", 100000), MX_EMISMATCH);
        }
        text[i] = '\0';
        assert_int_equal(mx_password_check(text), MX_EFORMAT);
        text[i] = c;
    }
}

static void test_make(void **state)
{
    char one[MX_PASSWORD_VERIFIER_MAX], two[MX_PASSWORD_VERIFIER_MAX];

    (void)state;
    assert_int_equal(mx_password_make(span("open sesame"), 1000, one), 0);
    assert_int_equal(mx_password_make(span("open sesame"), 1000, two), 0);
    assert_string_not_equal(one, two);
    assert_int_equal(try(one, "open sesame", 300), 0);
    assert_int_equal(try(two, "open sesame", 300), 0);
    assert_int_equal(try(two, "open sesame ", 300), MX_EMISMATCH);
    assert_int_equal(mx_password_make(span("x"), 999, one), MX_EINVAL);
    assert_int_equal(mx_password_make(span("x"), 10000001, one), MX_EINVAL);
}

static int set_up(void **state)
{
    (void)state;
    return mx_tls_arena_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_and_wrong),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_no_verifiers),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_make),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
