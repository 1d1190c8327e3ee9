/* SPDX-License-Identifier: BSD-3-Clause */
#include "platform.h"

#include "story.h"
#include "tinymx/port.h"

struct chance platform_chance;

uint32_t mx_port_now_ms(void)
{
    return 0;
}

int64_t mx_port_time_s(void)
{
    return 0;
}

int mx_port_entropy(void *buf, size_t len)
{
    chance_fill(&platform_chance, buf, len);
    return 0;
}

void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    (void)level;
    (void)line;
    (void)len;
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    story_end("ASSERTION", "%s:%d: %s", file, line, what);
}
