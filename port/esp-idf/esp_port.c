/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx/port.h, but for the time of day (esp_time.c), randomness
 * (esp_entropy.c) and mx_port_wake() (task.c). */
#include "tinymx/port.h"

#include "esp_system.h"
#include "esp_timer.h"

#include <inttypes.h>
#include <stdio.h>

uint32_t mx_port_now_ms(void)
{
    return (uint32_t)(esp_timer_get_time() / 1000);
}

/* One printf() a line: other tasks' lines do not come between. */
void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    static const char *const names[] = {
        [MX_LOG_ERROR] = "error",
        [MX_LOG_WARN] = "warn",
        [MX_LOG_INFO] = "info",
    };
    uint32_t now = mx_port_now_ms();

    if (level <= MX_LOG_INFO) {
        printf("up=%" PRIu32 ".%03" PRIu32 " level=%s %.*s\n", now / 1000,
               now % 1000, names[level], (int)len, line);
    }
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    printf("tinymx: %s:%d: assertion failed: %s\n", file, line, what);
    fflush(stdout);
    esp_system_abort(what);
}
