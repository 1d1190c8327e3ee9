/* SPDX-License-Identifier: BSD-3-Clause */
/* What `status` says of chip and system. */
#include "os.h"

#include "tinymx/console.h"

#include "esp_system.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "lwip/opt.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *os_reset_cause(void)
{
    static const char *const causes[] = {
        [ESP_RST_POWERON] = "power-on",
        [ESP_RST_EXT] = "pin",
        [ESP_RST_SW] = "software",
        [ESP_RST_PANIC] = "panic",
        [ESP_RST_INT_WDT] = "interrupt watchdog",
        [ESP_RST_TASK_WDT] = "task watchdog",
        [ESP_RST_WDT] = "watchdog",
        [ESP_RST_DEEPSLEEP] = "deep sleep",
        [ESP_RST_BROWNOUT] = "brownout",
        [ESP_RST_SDIO] = "SDIO",
        [ESP_RST_USB] = "USB",
        [ESP_RST_JTAG] = "JTAG",
        [ESP_RST_EFUSE] = "eFuse error",
        [ESP_RST_PWR_GLITCH] = "power glitch",
        [ESP_RST_CPU_LOCKUP] = "lock-up",
    };
    size_t cause = (size_t)esp_reset_reason();

    return cause < COUNT(causes) && causes[cause] != NULL ? causes[cause]
                                                          : "unknown";
}

static void say_heap(struct mx_console *c)
{
    struct os_heap heap;

    os_heap(&heap);

    const struct mx_console_level levels[] = {
        {(uint32_t)heap.free, "free"},
        {(uint32_t)heap.least, "least"},
        {(uint32_t)heap.largest, "largest"},
        {(uint32_t)heap.size, "size"},
    };

    mx_console_levels(c, "heap", levels, COUNT(levels));
}

/* Bytes of a stack that were never used. NULL: the task that asks. */
static uint32_t unused(TaskHandle_t task)
{
    return (uint32_t)uxTaskGetStackHighWaterMark(task);
}

static void say_stacks(struct mx_console *c)
{
    TaskHandle_t lwip = xTaskGetHandle(TCPIP_THREAD_NAME);
    const struct mx_console_level levels[] = {
        {unused(NULL), "server"},
        {lwip != NULL ? unused(lwip) : 0, "lwIP"},
    };

    mx_console_levels(c, "stacks never used", levels, COUNT(levels));
}

void os_status(struct mx_console *c)
{
    say_heap(c);
    say_stacks(c);
    mx_console_print(c, "reset: ");
    mx_console_print(c, os_reset_cause());
    mx_console_print(c, "\n");
}
