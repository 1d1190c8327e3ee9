/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's task, where lwIP has a thread of its own: it owns TLS, SMTP and
 * storage, and enters lwIP's core only for as long as a call takes (net/core.h).
 *
 *     static int start(void *ctx) { ... return mx_server_init(&server, &config); }
 *     static uint32_t poll(void *ctx) { return mx_server_poll(&server); }
 *     static const struct mx_task_config config = {.start = start, .poll = poll};
 *
 *     mx_task_start(&config);                tcpip_init() came before, and a netif
 *     ... in any other thread, from then on:
 *     mx_task_call(say_status, &c);          runs it there, between two rounds
 *
 * Made of lwIP's own threads and semaphores (lwip/sys.h), so that what is tried on
 * a PC is what runs on a chip. There is one such task. Its thread is made by the
 * first start and stays: between a stop, or a start() that failed, and the next
 * start it waits.
 */
#ifndef TINYMX_TASK_H
#define TINYMX_TASK_H

#include <stdint.h>

/* Copied; ctx lives as long as the task. All three are called in the task. */
struct mx_task_config {
    /* Once, first. 0: it goes on; else the task ends, without stop(). */
    int (*start)(void *ctx);

    /* A round: all that can be done now. Milliseconds until the next one, if
     * nobody wakes it before; at most `idle_ms` are slept. If there is no end of
     * work, some 20 ms in a second are slept all the same. */
    uint32_t (*poll)(void *ctx);

    /* Once, last; or NULL. */
    void (*stop)(void *ctx);

    void *ctx;

    uint32_t idle_ms; /* 0: 1000. A watchdog is fed in poll() */

    /* In the units of the platform's sys_thread_new(), which with ESP-IDF are
     * bytes; the first start's count. 0: 10240, and MX_TASK_PRIORITY. */
    int stack;
    int priority;
};

/* Makes the task, and returns what its start() did. MX_ENOMEM: no task could be
 * made; MX_EEXIST: there is one. The first start is one thread's; from then on
 * all of this may be called by several. */
int mx_task_start(const struct mx_task_config *config);

/* Runs `work` in the task between two rounds, and returns when it is done; not
 * from the task itself, nor from lwIP's thread. 0; MX_ECLOSED: there is no task. */
int mx_task_call(void (*work)(void *arg), void *arg);

/* Another round, soon. From any thread; it is mx_port_wake(). */
void mx_task_wake(void);

/* Ends it between two rounds, and returns when it has ended; from where
 * mx_task_call() may be called. */
void mx_task_stop(void);

#endif
