/* SPDX-License-Identifier: BSD-3-Clause */
/* One thread: lwIP works while it is called. */
#include "ethif.h"
#include "ethif_lwip.h"

#include "lwip/init.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"

const netif_input_fn ethif_take = netif_input;

u32_t sys_now(void)
{
    return mx_port_now_ms();
}

void ethif_start_lwip(void)
{
    static bool started;

    if (!started) {
        lwip_init();
        started = true;
    }
}

void ethif_run_timers(void)
{
    sys_check_timeouts();
}

uint32_t ethif_sleep_ms(void)
{
    return sys_timeouts_sleeptime();
}

void ethif_wake(void)
{
    /* it is not asleep */
}

int ethif_fd(void)
{
    return -1;
}

void ethif_awake(void)
{
    /* there is nobody to wake it */
}
