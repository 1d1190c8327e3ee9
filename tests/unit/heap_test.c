/* SPDX-License-Identifier: BSD-3-Clause */
/* mbedTLS's memory of a heap that is everybody's, on a heap that the test holds in
 * its hand: how much is free, in which pieces, and who asks. */
#include "heap.h"

#include "os.h"
#include "tls/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAP 100000u
#define RESERVE 30000u
#define SESSION 25000u

/* What firmware asks for of a record of 16 KB is less. */
#define RECORD_PIECE (16384u + 512u)

static struct os_heap heap;
static bool is_server;
static bool refuses; /* a piece of that size there is not */
static unsigned walks;
static void *(*tls_calloc)(size_t, size_t);
static void (*tls_free)(void *);

/* --- what ESP-IDF supplies ------------------------------------------------ */

void os_heap(struct os_heap *out)
{
    walks++;
    *out = heap;
}

size_t os_heap_free(void)
{
    return heap.free;
}

/* In front of each block stands its size. */
void *os_calloc(size_t count, size_t size)
{
    size_t len = count * size;
    size_t *block;

    if (refuses || len > heap.largest) {
        return NULL;
    }
    block = calloc(1, 2 * sizeof *block + len);
    assert_non_null(block);
    *block = len;
    heap.free -= len;
    heap.largest = heap.free < heap.largest ? heap.free : heap.largest;
    heap.least = heap.free < heap.least ? heap.free : heap.least;
    return block + 2;
}

void os_free(void *ptr)
{
    size_t *block = ptr;

    if (ptr == NULL) {
        return;
    }
    heap.free += block[-2];
    free(block - 2);
}

void os_tls_memory(void *(*calloc_)(size_t, size_t), void (*free_)(void *))
{
    tls_calloc = calloc_;
    tls_free = free_;
}

bool os_is_server(void)
{
    return is_server;
}

/* --- the stage ------------------------------------------------------------- */

static void set_free(size_t free_now, size_t largest)
{
    heap.free = free_now;
    heap.largest = largest;
}

static int begin(void **state)
{
    (void)state;
    heap = (struct os_heap){HEAP, HEAP, HEAP, HEAP};
    is_server = true;
    refuses = false;
    walks = 0;
    heap_limits(RESERVE, SESSION);
    mx_arena_init();
    return 0;
}

static struct mx_arena_stats stats(void)
{
    struct mx_arena_stats s;

    mx_arena_stats(&s);
    return s;
}

/* As mbedTLS does it: taken, and given back. */
static bool can_have(size_t count, size_t size)
{
    void *ptr = tls_calloc(count, size);

    tls_free(ptr);
    return ptr != NULL;
}

/* --- requests -------------------------------------------------------------- */

static void zeroed_and_counted(void **state)
{
    static const unsigned char zeros[600];
    void *ptr;

    (void)state;
    assert_ptr_equal(tls_calloc, mx_arena_calloc);
    assert_ptr_equal(tls_free, mx_arena_free);
    ptr = tls_calloc(3, 200);
    assert_non_null(ptr);
    assert_memory_equal(ptr, zeros, sizeof zeros);
    assert_int_equal(stats().blocks, 1);
    assert_int_equal(heap.free, HEAP - 600);
    tls_free(ptr);
    tls_free(NULL);
    assert_int_equal(stats().blocks, 0);
    assert_int_equal(heap.free, HEAP);
    assert_int_equal(mx_arena_failures(), 0);
}

/* The last byte above the reserve is had, the first one of it is not. */
static void stops_at_the_reserve(void **state)
{
    static const struct {
        size_t free_now, count, size;
        bool is_had;
    } cases[] = {
        {HEAP, 1, HEAP - RESERVE, true},
        {HEAP, 1, HEAP - RESERVE + 1, false},
        {HEAP, HEAP - RESERVE, 1, true},
        {HEAP, 70, 1001, false},
        {RESERVE + 1, 1, 1, true},
        {RESERVE, 1, 1, false},
        {RESERVE, 0, 1, false}, /* nothing takes a block too */
        {RESERVE - 1, 1, 1, false},
        {0, 1, 1, false},
        {HEAP, 2, SIZE_MAX / 2 + 1, false},
        {HEAP, SIZE_MAX / 2 + 1, 2, false},
        {HEAP, 1, SIZE_MAX, false},
    };
    uint32_t failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_free(cases[i].free_now, HEAP);
        assert_int_equal(can_have(cases[i].count, cases[i].size),
                         cases[i].is_had);
        failed += !cases[i].is_had;
        assert_int_equal(mx_arena_failures(), failed);
        assert_int_equal(stats().failures, failed);
        assert_int_equal(stats().blocks, 0);
    }
}

/* There is enough of it, and not in one piece. */
static void no_such_piece(void **state)
{
    (void)state;
    set_free(HEAP, 999);
    assert_false(can_have(1, 1000));
    assert_int_equal(mx_arena_failures(), 1);
    assert_true(can_have(1, 999));
}

static void nothing_is_a_block(void **state)
{
    void *one, *other;

    (void)state;
    one = tls_calloc(0, 8);
    other = tls_calloc(8, 0);
    assert_non_null(one);
    assert_non_null(other);
    assert_ptr_not_equal(one, other);
    assert_int_equal(stats().blocks, 2);
    tls_free(one);
    tls_free(other);
}

/* Wi-Fi's own handshakes use mbedTLS too. */
static void others_are_not_looked_at(void **state)
{
    void *theirs;

    (void)state;
    is_server = false;
    set_free(RESERVE, RESERVE);
    theirs = tls_calloc(1, 1000);
    assert_non_null(theirs);
    assert_int_equal(stats().blocks, 0);
    refuses = true;
    assert_null(tls_calloc(1, 1));
    refuses = false;
    assert_int_equal(mx_arena_failures(), 0);
    /* Who gives it back does not matter. */
    is_server = true;
    tls_free(theirs);
    assert_int_equal(stats().blocks, 0);
    assert_int_equal(heap.free, RESERVE);
}

static void theirs_do_not_uncount_ours(void **state)
{
    void *ours, *theirs;

    (void)state;
    ours = tls_calloc(1, 10);
    is_server = false;
    theirs = tls_calloc(1, 10);
    tls_free(theirs);
    assert_int_equal(stats().blocks, 1);
    is_server = true;
    tls_free(ours);
    assert_int_equal(stats().blocks, 0);
}

/* --- a session's room ------------------------------------------------------- */

static void room_for_a_handshake(void **state)
{
    static const struct {
        size_t free_now, largest;
        bool room;
    } cases[] = {
        {HEAP, HEAP, true},
        {RESERVE + SESSION, RESERVE + SESSION, true},
        {RESERVE + SESSION - 1, RESERVE + SESSION - 1, false},
        {RESERVE, RESERVE, false},
        {SESSION, SESSION, false},
        {0, 0, false},
        {HEAP, RECORD_PIECE, true},
        {HEAP, RECORD_PIECE - 1, false}, /* in pieces too small */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_free(cases[i].free_now, cases[i].largest);
        if (mx_arena_room() != cases[i].room) {
            fail_msg("case %zu: not %d", i, cases[i].room);
        }
    }
    assert_int_equal(mx_arena_failures(), 0);
}

/* It is asked in every round while somebody waits. */
static void a_wait_counts_once(void **state)
{
    static const struct {
        size_t free_now;
        uint32_t waits;
    } rounds[] = {{HEAP, 0}, {RESERVE, 1}, {RESERVE, 1}, {RESERVE + 9, 1},
                  {HEAP, 1}, {HEAP, 1},    {RESERVE, 2}, {HEAP, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        set_free(rounds[i].free_now, HEAP);
        mx_arena_room();
        assert_int_equal(heap_waits(), rounds[i].waits);
    }
}

/* To walk through the heap stops the other tasks. */
static void walks_only_where_it_matters(void **state)
{
    (void)state;
    set_free(RESERVE, RESERVE);
    mx_arena_room();
    assert_false(can_have(1, 1000));
    set_free(HEAP, HEAP);
    assert_true(can_have(1, 1000));
    assert_int_equal(walks, 0);
    mx_arena_room();
    assert_int_equal(walks, 1);
}

/* --- beginning --------------------------------------------------------------- */

static void limits_from_the_next_start(void **state)
{
    (void)state;
    set_free(RESERVE, RESERVE);
    heap_limits(0, RESERVE);
    assert_false(can_have(1, 1));
    assert_false(mx_arena_room());
    assert_int_equal(heap_waits(), 1);
    mx_arena_init();
    assert_int_equal(heap_waits(), 0);
    assert_int_equal(mx_arena_failures(), 0);
    assert_true(can_have(1, RESERVE));
    set_free(RESERVE, RESERVE);
    assert_true(mx_arena_room());
}

/* What lives on is still counted. */
static void blocks_survive_a_start(void **state)
{
    void *old = tls_calloc(1, 10);

    (void)state;
    mx_arena_init();
    assert_int_equal(stats().blocks, 1);
    tls_free(old);
    assert_int_equal(stats().blocks, 0);
}

static void statistics_are_of_the_heap(void **state)
{
    struct mx_arena_stats s;

    (void)state;
    heap = (struct os_heap){
        .free = 60000, .least = 20000, .largest = 31000, .size = HEAP};
    s = stats();
    assert_int_equal(s.size, HEAP);
    assert_int_equal(s.used, HEAP - 60000);
    assert_int_equal(s.peak, HEAP - 20000);
    assert_int_equal(s.largest, 31000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(zeroed_and_counted, begin),
        cmocka_unit_test_setup(stops_at_the_reserve, begin),
        cmocka_unit_test_setup(no_such_piece, begin),
        cmocka_unit_test_setup(nothing_is_a_block, begin),
        cmocka_unit_test_setup(others_are_not_looked_at, begin),
        cmocka_unit_test_setup(theirs_do_not_uncount_ours, begin),
        cmocka_unit_test_setup(room_for_a_handshake, begin),
        cmocka_unit_test_setup(a_wait_counts_once, begin),
        cmocka_unit_test_setup(walks_only_where_it_matters, begin),
        cmocka_unit_test_setup(limits_from_the_next_start, begin),
        cmocka_unit_test_setup(blocks_survive_a_start, begin),
        cmocka_unit_test_setup(statistics_are_of_the_heap, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
