/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP in its own thread: frames go to its mailbox, and it wakes whoever moves
 * them when it, or the server, has sent some. */
#include "ethif.h"
#include "ethif_lwip.h"

#include "lwip/sys.h"
#include "lwip/tcpip.h"

#include <sys/eventfd.h>
#include <unistd.h>

const netif_input_fn ethif_take = tcpip_input;

static int wakes = -1;

static void on_started(void *arg)
{
    sys_sem_signal(arg);
}

void ethif_start_lwip(void)
{
    sys_sem_t started;

    if (wakes >= 0) {
        return;
    }
    wakes = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wakes < 0 || sys_sem_new(&started, 0) != ERR_OK) {
        mx_port_fatal(__FILE__, __LINE__, "no descriptor, or no memory");
    }
    tcpip_init(on_started, &started);
    (void)sys_arch_sem_wait(&started, 0);
    sys_sem_free(&started);
}

void ethif_run_timers(void)
{
    /* they run in its thread */
}

uint32_t ethif_sleep_ms(void)
{
    return UINT32_MAX;
}

void ethif_wake(void)
{
    /* a counter at its end wakes as well */
    ssize_t rc = write(wakes, &(uint64_t){1}, sizeof(uint64_t));

    (void)rc;
}

int ethif_fd(void)
{
    return wakes;
}

void ethif_awake(void)
{
    uint64_t count;
    ssize_t rc = read(wakes, &count, sizeof count);

    (void)rc;
}
