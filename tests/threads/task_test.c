/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's task from outside, over lwIP's own threads, under ThreadSanitizer.
 *
 * What the task does here is in `seen`, without a lock: the task's own promises
 * are all there is to keep two threads from it at once. Nothing sleeps for a while;
 * what is waited for is a semaphore that the other side posts.
 */
#include "tinymx/task.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include "lwip/sys.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define CALLERS 8
#define CALLS 500

static struct {
    unsigned starts, rounds, stops, works;
    pthread_t thread;
    bool in_round;
} seen;

static sem_t round_over; /* posted by each round */
static int start_rc;
static uint32_t round_ms;

static int start(void *ctx)
{
    assert_ptr_equal(ctx, &seen);
    seen.starts++;
    seen.thread = pthread_self();
    return start_rc;
}

static uint32_t poll(void *ctx)
{
    uint32_t ms = round_ms;

    (void)ctx;
    seen.in_round = true;
    seen.rounds++;
    seen.in_round = false;
    sem_post(&round_over);
    return ms;
}

static void stop(void *ctx)
{
    (void)ctx;
    seen.stops++;
}

/* It sleeps until it is woken. */
static const struct mx_task_config sleepy = {.start = start,
                                             .poll = poll,
                                             .stop = stop,
                                             .ctx = &seen,
                                             .idle_ms = UINT32_MAX};

static void work(void *arg)
{
    bool *here = arg;

    seen.works++;
    *here = pthread_equal(pthread_self(), seen.thread) && !seen.in_round;
}

static int set_up(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    start_rc = 0;
    round_ms = UINT32_MAX;
    return sem_init(&round_over, 0, 0);
}

static int tear_down(void **state)
{
    (void)state;
    mx_task_stop();
    return sem_destroy(&round_over);
}

/* --- lwIP's functions, with a say of ours (--wrap) ------------------------ */

static int good_sems = -1; /* so many more are made; -1: any number */
static bool no_thread;
static unsigned signals;
static sem_t rested;
static bool count_rests;

err_t __real_sys_sem_new(sys_sem_t *sem, u8_t count);
err_t __wrap_sys_sem_new(sys_sem_t *sem, u8_t count);
sys_thread_t __real_sys_thread_new(const char *name, lwip_thread_fn thread,
                                   void *arg, int stack, int priority);
sys_thread_t __wrap_sys_thread_new(const char *name, lwip_thread_fn thread,
                                   void *arg, int stack, int priority);
void __real_sys_sem_signal(sys_sem_t *sem);
void __wrap_sys_sem_signal(sys_sem_t *sem);
void __real_sys_msleep(u32_t ms);
void __wrap_sys_msleep(u32_t ms);

err_t __wrap_sys_sem_new(sys_sem_t *sem, u8_t count)
{
    if (good_sems == 0) {
        return ERR_MEM;
    }
    good_sems -= good_sems > 0;
    return __real_sys_sem_new(sem, count);
}

sys_thread_t __wrap_sys_thread_new(const char *name, lwip_thread_fn thread,
                                   void *arg, int stack, int priority)
{
    assert_int_equal(stack, 10240);
    assert_true(priority > 0);
    return no_thread
               ? NULL
               : __real_sys_thread_new(name, thread, arg, stack, priority);
}

void __wrap_sys_sem_signal(sys_sem_t *sem)
{
    __atomic_add_fetch(&signals, 1, __ATOMIC_RELAXED);
    __real_sys_sem_signal(sem);
}

void __wrap_sys_msleep(u32_t ms)
{
    __real_sys_msleep(ms);
    if (count_rests) {
        sem_post(&rested);
    }
}

/* --- before there is one -------------------------------------------------- */

/* Has to be first: afterwards there is a thread for good. */
static void nothing_yet(void **state)
{
    bool here = false;

    (void)state;
    mx_task_wake();
    mx_task_stop();
    assert_int_equal(mx_task_call(work, &here), MX_ECLOSED);
    assert_int_equal(seen.works, 0);
}

static void no_memory(void **state)
{
    (void)state;
    for (good_sems = 0; good_sems < 2;) {
        int before = good_sems;

        assert_int_equal(mx_task_start(&sleepy), MX_ENOMEM);
        good_sems = before + 1;
    }
    good_sems = -1;
    no_thread = true;
    assert_int_equal(mx_task_start(&sleepy), MX_ENOMEM);
    assert_int_equal(mx_task_call(work, NULL), MX_ECLOSED);
    mx_task_stop();
    no_thread = false;
    assert_int_equal(seen.starts, 0);
}

/* --- a life --------------------------------------------------------------- */

static void start_fails(void **state)
{
    pthread_t first;

    (void)state;
    start_rc = MX_EINVAL;
    assert_int_equal(mx_task_start(&sleepy), MX_EINVAL);
    first = seen.thread;
    assert_int_equal(mx_task_call(work, NULL), MX_ECLOSED);
    mx_task_stop();
    assert_int_equal(seen.rounds, 0);
    assert_int_equal(seen.stops, 0);

    start_rc = 0;
    assert_int_equal(mx_task_start(&sleepy), 0);
    sem_wait(&round_over);
    assert_true(pthread_equal(first, seen.thread));
    assert_false(pthread_equal(first, pthread_self()));
}

static void there_is_one(void **state)
{
    (void)state;
    assert_int_equal(mx_task_start(&sleepy), 0);
    assert_int_equal(mx_task_start(&sleepy), MX_EEXIST);
    mx_task_stop();
    assert_int_equal(seen.starts, 1);
    assert_int_equal(seen.stops, 1);
}

static void stopped(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(mx_task_start(&sleepy), 0);
        mx_task_stop();
        assert_int_equal(seen.stops, i);
        assert_int_equal(mx_task_call(work, NULL), MX_ECLOSED);
        mx_task_wake();
        mx_task_stop();
        assert_int_equal(seen.stops, i);
    }
}

/* --- wakes ---------------------------------------------------------------- */

static void wake(void **state)
{
    (void)state;
    assert_int_equal(mx_task_start(&sleepy), 0);
    sem_wait(&round_over);
    for (unsigned i = 0; i < CALLS; i++) {
        mx_port_wake();
        sem_wait(&round_over);
    }
}

static void idle(void **state)
{
    struct mx_task_config restless = sleepy;

    (void)state;
    restless.idle_ms = 1;
    assert_int_equal(mx_task_start(&restless), 0);
    for (unsigned i = 0; i < 3; i++) {
        sem_wait(&round_over);
    }
}

static sem_t held, go_on;

static void hold(void *arg)
{
    (void)arg;
    sem_post(&held);
    sem_wait(&go_on);
}

static void *call_hold(void *arg)
{
    assert_int_equal(mx_task_call(hold, arg), 0);
    return NULL;
}

/* While the task is at work any number of wakes are one signal; a semaphore that
 * counts would else owe as many rounds. */
static void wakes_do_not_pile_up(void **state)
{
    pthread_t caller;
    unsigned before;

    (void)state;
    sem_init(&held, 0, 0);
    sem_init(&go_on, 0, 0);
    assert_int_equal(mx_task_start(&sleepy), 0);
    assert_int_equal(pthread_create(&caller, NULL, call_hold, NULL), 0);
    sem_wait(&held);
    before = __atomic_load_n(&signals, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < CALLS; i++) {
        mx_task_wake();
    }
    assert_int_equal(__atomic_load_n(&signals, __ATOMIC_RELAXED), before + 1);
    sem_post(&go_on);
    pthread_join(caller, NULL);
}

/* A server that is never done is interrupted, and leaves time to others. */
static void busy(void **state)
{
    bool here = false;

    (void)state;
    round_ms = 0;
    sem_init(&rested, 0, 0);
    count_rests = true;
    assert_int_equal(mx_task_start(&sleepy), 0);
    assert_int_equal(mx_task_call(work, &here), 0);
    assert_true(here);
    sem_wait(&rested);
    mx_task_stop();
    count_rests = false;
}

/* --- calls ---------------------------------------------------------------- */

static void call(void **state)
{
    bool here = false;

    (void)state;
    assert_int_equal(mx_task_start(&sleepy), 0);
    assert_int_equal(mx_task_call(work, &here), 0);
    assert_true(here);
    sem_wait(&round_over);
    sem_wait(&round_over); /* what was done may be a reason for another */
}

/* Returns how many of its calls were run. */
static void *call_often(void *arg)
{
    uintptr_t run = 0;
    bool here = false;

    (void)arg;
    for (unsigned i = 0; i < CALLS; i++) {
        mx_task_wake();
        run += mx_task_call(work, &here) == 0 && here;
        here = false;
    }
    return (void *)run;
}

static unsigned let_all_call(bool stop_between)
{
    pthread_t caller[CALLERS];
    unsigned run = 0;

    for (unsigned i = 0; i < CALLERS; i++) {
        assert_int_equal(pthread_create(&caller[i], NULL, call_often, NULL), 0);
    }
    if (stop_between) {
        sem_wait(&round_over);
        mx_task_stop();
    }
    for (unsigned i = 0; i < CALLERS; i++) {
        void *result;

        pthread_join(caller[i], &result);
        run += (unsigned)(uintptr_t)result;
    }
    return run;
}

static void many_call(void **state)
{
    (void)state;
    assert_int_equal(mx_task_start(&sleepy), 0);
    assert_int_equal(let_all_call(false), CALLERS * CALLS);
    mx_task_stop();
    assert_int_equal(seen.works, CALLERS * CALLS);
}

/* Whose call is not run any more is told so, and nobody waits for ever. */
static void many_call_at_the_end(void **state)
{
    unsigned run;

    (void)state;
    assert_int_equal(mx_task_start(&sleepy), 0);
    run = let_all_call(true);
    assert_int_equal(run, seen.works);
    assert_int_equal(seen.stops, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define LIFE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
        LIFE(nothing_yet), LIFE(no_memory),
        LIFE(start_fails), LIFE(there_is_one),
        LIFE(stopped),     LIFE(wake),
        LIFE(idle),        LIFE(wakes_do_not_pile_up),
        LIFE(busy),        LIFE(call),
        LIFE(many_call),   LIFE(many_call_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
