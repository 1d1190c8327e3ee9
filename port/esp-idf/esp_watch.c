/* SPDX-License-Identifier: BSD-3-Clause */
/* The task watchdog. */
#include "os.h"

#include "tinymx/err.h"

#include "sdkconfig.h"

#ifdef CONFIG_ESP_TASK_WDT_INIT

#include "esp_task_wdt.h"

static bool watched;

int os_watch(void)
{
    watched = esp_task_wdt_add(NULL) == ESP_OK;
    return watched ? 0 : MX_ENOTSUP;
}

void os_feed(void)
{
    if (watched) {
        (void)esp_task_wdt_reset();
    }
}

#else

int os_watch(void)
{
    return MX_ENOTSUP;
}

void os_feed(void)
{
}

#endif
