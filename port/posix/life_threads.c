/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console is in both: the main thread waits for what is typed, the server reads
 * it and answers. So the server says after each turn what is to be waited for.
 */
#include "life.h"

#include "ethif.h"
#include "tinymx/err.h"
#include "tinymx/task.h"
#include "typed.h"
#include "why.h"

#include <pthread.h>

static const struct life *life;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int wanted_fd = -1; /* locked */

static void want(int fd)
{
    bool news;

    pthread_mutex_lock(&lock);
    news = fd != wanted_fd;
    wanted_fd = fd;
    pthread_mutex_unlock(&lock);
    if (news) {
        ethif_wake();
    }
}

/* --- in the task -------------------------------------------------------- */

static int start(void *why)
{
    return life->start(why);
}

static uint32_t turn(void *ctx)
{
    uint32_t ms = life->turn();

    (void)ctx;
    want(typed_fd());
    return ms;
}

static void stop(void *ctx)
{
    (void)ctx;
    life->stop();
}

struct call {
    void (*work)(void *arg);
    void *arg;
};

static void work(void *arg)
{
    const struct call *call = arg;

    call->work(call->arg);
    want(typed_fd());
}

/* --- in the main thread ------------------------------------------------- */

int life_begin(const struct life *begun, char *why)
{
    const struct mx_task_config config = {
        .start = start, .poll = turn, .stop = stop, .ctx = why};
    int rc;

    life = begun;
    rc = mx_task_start(&config);
    return rc == MX_ENOMEM && why[0] == '\0'
               ? why_set(why, rc, "there is no memory for the server's task")
               : rc;
}

uint32_t life_turn(void)
{
    return UINT32_MAX; /* it takes its turns itself */
}

int life_typed_fd(void)
{
    int fd;

    pthread_mutex_lock(&lock);
    fd = wanted_fd;
    pthread_mutex_unlock(&lock);
    return fd;
}

void life_call(void (*what)(void *arg), void *arg)
{
    struct call call = {.work = what, .arg = arg};

    (void)mx_task_call(work, &call);
}

void life_end(void)
{
    mx_task_stop();
}
