/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One thread, which is never given back: lwIP cannot end one, and on FreeRTOS its
 * function must not return. When the task has ended it waits for the next start,
 * with the stack that the first one asked for.
 *
 *     whoever calls ─ turn ─► order ── wakes ──► the task ── done ──► whoever called
 *
 * Who calls is one at a time: `turn` is held from the order to its end. What both
 * sides see is behind SYS_ARCH_PROTECT, for a few lines: with ESP-IDF that is a
 * mutex that must not be taken twice.
 *
 * A wake is remembered in `woken`, and the semaphore is signalled by the first one
 * alone. It never counts beyond one, whether or not the platform's could.
 */
#include "tinymx/task.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include "lwip/opt.h"
#include "lwip/sys.h"

#include <stdbool.h>
#include <stddef.h>

#ifndef MX_TASK_PRIORITY
#define MX_TASK_PRIORITY 5 /* below lwIP's thread, above the idle task's 0 */
#endif

#define STACK 10240
#define IDLE_MS 1000

/* A server that is never done would leave nothing to threads of lower priority,
 * and of these one is watched (ESP-IDF's idle task, 5 s). After so long without a
 * rest it takes one. */
#define BUSY_MS 1000
#define REST_MS 20

enum order { NOTHING, START, CALL, STOP };

static struct {
    sys_sem_t wakes;
    sys_sem_t done;
    sys_mutex_t turn;
    bool thread; /* with the turn, and for good */

    /* Protected. */
    bool made; /* the first three, and for good */
    bool running;
    bool woken;
    enum order order; /* until it is done */
    void (*work)(void *arg);
    void *arg;

    /* The task's while it has an order, or runs. */
    struct mx_task_config config;
    int started; /* what start() said */
    uint32_t rested_ms;
} task;

/* --- wakes -------------------------------------------------------------- */

void mx_task_wake(void)
{
    SYS_ARCH_DECL_PROTECT(level);
    bool first;

    SYS_ARCH_PROTECT(level);
    first = task.made && !task.woken;
    task.woken = task.woken || first;
    SYS_ARCH_UNPROTECT(level);
    if (first) {
        sys_sem_signal(&task.wakes);
    }
}

void mx_port_wake(void)
{
    mx_task_wake();
}

static bool take_wake(void)
{
    SYS_ARCH_DECL_PROTECT(level);
    bool woken;

    SYS_ARCH_PROTECT(level);
    woken = task.woken;
    task.woken = false;
    SYS_ARCH_UNPROTECT(level);
    return woken;
}

/* 0: for as long as it takes. */
static void wait(uint32_t ms)
{
    if (sys_arch_sem_wait(&task.wakes, ms) == SYS_ARCH_TIMEOUT && take_wake()) {
        (void)sys_arch_sem_wait(&task.wakes, 0); /* the signal is on its way */
    } else {
        (void)take_wake();
    }
}

static void pause_for(uint32_t ms)
{
    uint32_t before = sys_now();

    if (ms > task.config.idle_ms) {
        ms = task.config.idle_ms;
    }
    if (ms > 0) {
        wait(ms);
    }
    if (sys_now() - before >= REST_MS) {
        task.rested_ms = sys_now();
    } else if (sys_now() - task.rested_ms >= BUSY_MS) {
        sys_msleep(REST_MS);
        task.rested_ms = sys_now();
    }
}

/* --- the task ----------------------------------------------------------- */

static enum order read_order(void)
{
    SYS_ARCH_DECL_PROTECT(level);
    enum order order;

    SYS_ARCH_PROTECT(level);
    order = task.order;
    SYS_ARCH_UNPROTECT(level);
    return order;
}

static void order_done(bool running)
{
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    task.order = NOTHING;
    task.running = running;
    SYS_ARCH_UNPROTECT(level);
    sys_sem_signal(&task.done);
}

static bool start(void)
{
    task.started = task.config.start(task.config.ctx);
    task.rested_ms = sys_now();
    order_done(task.started == 0);
    return task.started == 0;
}

static void stop(void)
{
    if (task.config.stop != NULL) {
        task.config.stop(task.config.ctx);
    }
    order_done(false);
}

static void live(void)
{
    for (;;) {
        uint32_t ms = task.config.poll(task.config.ctx);

        switch (read_order()) {
        case STOP:
            stop();
            return;
        case CALL:
            task.work(task.arg);
            order_done(true);
            break;
        default:
            pause_for(ms);
            break;
        }
    }
}

static void run(void *arg)
{
    (void)arg;
    for (;;) {
        wait(0);
        if (read_order() == START && start()) {
            live();
        }
    }
}

/* --- whoever calls ------------------------------------------------------ */

static bool read_flag(const bool *flag)
{
    SYS_ARCH_DECL_PROTECT(level);
    bool value;

    SYS_ARCH_PROTECT(level);
    value = *flag;
    SYS_ARCH_UNPROTECT(level);
    return value;
}

/* With the turn. */
static void give(enum order order, void (*work)(void *arg), void *arg)
{
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    task.order = order;
    task.work = work;
    task.arg = arg;
    SYS_ARCH_UNPROTECT(level);
    mx_task_wake();
    (void)sys_arch_sem_wait(&task.done, 0);
}

static int make(void)
{
    SYS_ARCH_DECL_PROTECT(level);

    if (read_flag(&task.made)) {
        return 0;
    }
    if (sys_sem_new(&task.wakes, 0) != ERR_OK) {
        return MX_ENOMEM;
    }
    if (sys_sem_new(&task.done, 0) != ERR_OK) {
        sys_sem_free(&task.wakes);
        return MX_ENOMEM;
    }
    if (sys_mutex_new(&task.turn) != ERR_OK) {
        sys_sem_free(&task.done);
        sys_sem_free(&task.wakes);
        return MX_ENOMEM;
    }
    SYS_ARCH_PROTECT(level);
    task.made = true;
    SYS_ARCH_UNPROTECT(level);
    return 0;
}

static int make_thread(const struct mx_task_config *config)
{
    int stack = config->stack != 0 ? config->stack : STACK;
    int priority = config->priority != 0 ? config->priority : MX_TASK_PRIORITY;

    if (!task.thread) {
        task.thread =
            sys_thread_new("tinymx", run, NULL, stack, priority) != NULL;
    }
    return task.thread ? 0 : MX_ENOMEM;
}

/* With the turn, and with a thread that waits. */
static int begin(const struct mx_task_config *config)
{
    task.config = *config;
    if (task.config.idle_ms == 0) {
        task.config.idle_ms = IDLE_MS;
    }
    give(START, NULL, NULL);
    return task.started;
}

int mx_task_start(const struct mx_task_config *config)
{
    int rc = make();

    if (rc != 0) {
        return rc;
    }
    sys_mutex_lock(&task.turn);
    rc = read_flag(&task.running) ? MX_EEXIST : make_thread(config);
    if (rc == 0) {
        rc = begin(config);
    }
    sys_mutex_unlock(&task.turn);
    return rc;
}

int mx_task_call(void (*work)(void *arg), void *arg)
{
    bool running;

    if (!read_flag(&task.made)) {
        return MX_ECLOSED;
    }
    sys_mutex_lock(&task.turn);
    running = read_flag(&task.running);
    if (running) {
        give(CALL, work, arg);
    }
    sys_mutex_unlock(&task.turn);
    return running ? 0 : MX_ECLOSED;
}

void mx_task_stop(void)
{
    if (!read_flag(&task.made)) {
        return;
    }
    sys_mutex_lock(&task.turn);
    if (read_flag(&task.running)) {
        give(STOP, NULL, NULL);
    }
    sys_mutex_unlock(&task.turn);
}
