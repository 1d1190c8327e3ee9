/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "tls/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SLOTS 400
#define STEPS 200000

/* What the arena ought to hold: every block filled with a byte of its own. */
static struct {
    unsigned char *ptr;
    size_t len;
    unsigned char fill;
} model[SLOTS];

static struct mx_arena_stats empty;

static struct mx_arena_stats stats(void)
{
    struct mx_arena_stats s;

    mx_arena_stats(&s);
    return s;
}

static void assert_all(const unsigned char *p, size_t len, unsigned char fill)
{
    for (size_t i = 0; i < len; i++) {
        if (p[i] != fill) {
            fail_msg("byte %zu of %zu is %02x, not %02x", i, len, p[i], fill);
        }
    }
}

static void drop(size_t i)
{
    assert_all(model[i].ptr, model[i].len, model[i].fill);
    mx_arena_free(model[i].ptr);
    model[i].ptr = NULL;
}

/* Mostly numbers of mbedTLS's size, now and then a record buffer. */
static size_t any_len(void)
{
    int kind = rand() % 100;

    if (kind < 80) {
        return (size_t)(rand() % 200);
    }
    return (size_t)(kind < 90 ? rand() % 4000 : rand() % 100000);
}

static void take(size_t i)
{
    model[i].len = any_len();
    model[i].ptr = mx_arena_calloc(1, model[i].len);
    if (model[i].ptr != NULL) {
        assert_int_equal((uintptr_t)model[i].ptr % (2 * sizeof(size_t)), 0);
        assert_all(model[i].ptr, model[i].len, 0);
        model[i].fill = (unsigned char)(rand() | 1);
        memset(model[i].ptr, model[i].fill, model[i].len);
    }
}

static void random_against_model(void **state)
{
    unsigned blocks;

    (void)state;
    srand(1);
    for (unsigned n = 0; n < STEPS; n++) {
        size_t i = (size_t)rand() % SLOTS;

        if (model[i].ptr != NULL) {
            drop(i);
        } else {
            take(i);
        }
    }
    blocks = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        blocks += model[i].ptr != NULL;
    }
    assert_int_equal(stats().blocks, blocks);
    assert_true(stats().peak > stats().size / 8 * 7);
    assert_true(stats().failures > 0);
    for (size_t i = 0; i < SLOTS; i++) {
        if (model[i].ptr != NULL) {
            drop(i);
        }
    }
    assert_int_equal(stats().largest, empty.largest);
}

/* All of it in one block; not a byte more. */
static void largest_is_true(void **state)
{
    void *p = mx_arena_calloc(1, empty.largest);

    (void)state;
    assert_non_null(p);
    assert_int_equal(stats().used, stats().size);
    assert_int_equal(stats().largest, 0);
    assert_null(mx_arena_calloc(1, 1));
    mx_arena_free(p);
    assert_null(mx_arena_calloc(1, empty.largest + 1));
    assert_int_equal(stats().failures, 2);
    assert_int_equal(stats().used, empty.used);
    assert_int_equal(stats().peak, stats().size);
}

static void *chain; /* blocks, each pointing to the one taken before it */

static unsigned fill_with(size_t len)
{
    unsigned n = 0;
    void **p;

    while ((p = mx_arena_calloc(1, len)) != NULL) {
        *p = chain;
        chain = p;
        n++;
    }
    return n;
}

static void free_chain(void)
{
    while (chain != NULL) {
        void *next = *(void **)chain;

        mx_arena_free(chain);
        chain = next;
    }
}

/* Two words a block, no more; and all of it comes back. */
static void overhead(void **state)
{
    (void)state;
#if !defined(__SANITIZE_ADDRESS__)
    assert_int_equal(fill_with(16 * sizeof(size_t)),
                     (stats().size - empty.used) / (18 * sizeof(size_t)));
#else
    assert_true(fill_with(16 * sizeof(size_t)) > 100);
#endif
    free_chain();
    assert_int_equal(stats().largest, empty.largest);
}

/* Freed in an order that makes every kind of merge: below, above, both. */
static void merges(void **state)
{
    (void)state;
    for (unsigned order = 0; order < 24; order++) {
        void *p[4];
        unsigned left = order;
        unsigned n = 4;

        for (size_t i = 0; i < 4; i++) {
            p[i] = mx_arena_calloc(1, 100 + 700 * i);
            assert_non_null(p[i]);
        }
        while (n > 0) {
            unsigned pick = left % n;

            left /= n;
            mx_arena_free(p[pick]);
            p[pick] = p[--n];
        }
        assert_int_equal(stats().blocks, 0);
        assert_int_equal(stats().used, empty.used);
        assert_int_equal(stats().largest, empty.largest);
    }
}

static void overflow_and_zero(void **state)
{
    void *p;

    (void)state;
    assert_null(mx_arena_calloc(SIZE_MAX, 2));
    assert_null(mx_arena_calloc(2, SIZE_MAX));
    assert_null(mx_arena_calloc(SIZE_MAX / 2 + 1, 2));
    assert_null(mx_arena_calloc(1, SIZE_MAX));
    assert_null(mx_arena_calloc(1, SIZE_MAX - 8));
    assert_int_equal(stats().failures, 5);
    p = mx_arena_calloc(0, 8);
    assert_non_null(p);
    mx_arena_free(p);
    p = mx_arena_calloc(8, 0);
    assert_non_null(p);
    mx_arena_free(p);
    mx_arena_free(NULL);
    assert_int_equal(stats().blocks, 0);
}

/* Long-lived blocks and thousands of short-lived ones, over and over: what is
 * free stays in large pieces. */
static void does_not_fragment(void **state)
{
    size_t least = SIZE_MAX;

    (void)state;
    srand(2);
    for (unsigned round = 0; round < 300; round++) {
        void *record = mx_arena_calloc(1, 16800);
        void *small[64] = {NULL};

        assert_non_null(record);
        for (unsigned n = 0; n < 3000; n++) {
            size_t i = (size_t)rand() % 64;

            mx_arena_free(small[i]);
            small[i] = mx_arena_calloc(1, (size_t)(rand() % 300));
            assert_non_null(small[i]);
        }
        for (size_t i = 0; i < 64; i += 2) {
            mx_arena_free(small[i]);
            small[i] = NULL;
        }
        if (stats().largest < least) {
            least = stats().largest;
        }
        for (size_t i = 0; i < 64; i++) {
            mx_arena_free(small[i]);
        }
        mx_arena_free(record);
        assert_int_equal(stats().largest, empty.largest);
    }
    assert_true(least + 16800 + 64 * 400 > empty.largest);
}

/* --- our own bugs ------------------------------------------------------- */

static void twice(void)
{
    void *p = mx_arena_calloc(1, 40);

    mx_arena_free(p);
    mx_arena_free(p);
}

static void twice_after_merge(void)
{
    void *p = mx_arena_calloc(1, 40);
    void *q = mx_arena_calloc(1, 40);

    mx_arena_free(p);
    mx_arena_free(q);
    mx_arena_free(q);
}

static void inside(void)
{
    unsigned char *p = mx_arena_calloc(1, 400);

    mx_arena_free(p + 2 * sizeof(size_t));
}

static void foreign(void)
{
    static long long other[8];

    mx_arena_free(other + 4);
}

/* In a child: MX_ASSERT ends it (or AddressSanitizer does). */
static int death_of(void (*crime)(void))
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        fclose(stderr);
        crime();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void bugs_are_caught(void **state)
{
    static void (*const crimes[])(void) = {twice, twice_after_merge, inside,
                                           foreign};

    (void)state;
    for (size_t i = 0; i < sizeof crimes / sizeof *crimes; i++) {
        assert_int_not_equal(death_of(crimes[i]), 0);
    }
}

#if defined(__SANITIZE_ADDRESS__)
static volatile unsigned char *victim;

static void write_behind(void)
{
    victim = mx_arena_calloc(1, 33);
    victim[33] = 1;
}

static void write_before(void)
{
    victim = mx_arena_calloc(1, 33);
    victim[-1] = 1;
}

static void read_freed(void)
{
    victim = mx_arena_calloc(1, 33);
    mx_arena_free((void *)(uintptr_t)victim);
    victim[0] = victim[32];
}

static void sanitizer_sees(void **state)
{
    (void)state;
    assert_int_not_equal(death_of(write_behind), 0);
    assert_int_not_equal(death_of(write_before), 0);
    assert_int_not_equal(death_of(read_freed), 0);
}
#endif

static int fresh(void **state)
{
    (void)state;
    mx_arena_init();
    mx_arena_stats(&empty);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(random_against_model, fresh),
        cmocka_unit_test_setup(largest_is_true, fresh),
        cmocka_unit_test_setup(overhead, fresh),
        cmocka_unit_test_setup(merges, fresh),
        cmocka_unit_test_setup(overflow_and_zero, fresh),
        cmocka_unit_test_setup(does_not_fragment, fresh),
        cmocka_unit_test_setup(bugs_are_caught, fresh),
#if defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test_setup(sanitizer_sees, fresh),
#endif
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
