/* SPDX-License-Identifier: BSD-3-Clause */
#include "util/log.h"

#include "util/assert.h"
#include "util/fmt.h"

/* As much of a peer's text as is ever logged at once. */
#define PEER_MAX 100

static char buf[400];
static struct fmt line;
static enum mx_log_level line_level;
static bool open;

static void key(const char *name)
{
    MX_ASSERT(open);
    fmt_char(&line, ' ');
    fmt_str(&line, name);
    fmt_char(&line, '=');
}

void log_begin(enum mx_log_level level, const char *event, uint32_t sid)
{
    MX_ASSERT(!open);
    open = true;
    line_level = level;
    fmt_init(&line, buf, sizeof buf);
    fmt_str(&line, "event=");
    fmt_str(&line, event);
    if (sid != 0) {
        key("sid");
        fmt_hex(&line, sid, 8);
    }
}

void log_str(const char *name, const char *value)
{
    key(name);
    fmt_str(&line, value);
}

void log_text(const char *name, const char *text)
{
    key(name);
    fmt_char(&line, '"');
    fmt_str(&line, text);
    fmt_char(&line, '"');
}

void log_peer(const char *name, struct mx_span s)
{
    key(name);
    fmt_escaped(&line, s.ptr, s.len, PEER_MAX);
}

void log_u32(const char *name, uint32_t value)
{
    key(name);
    fmt_u32(&line, value);
}

void log_int(const char *name, int value)
{
    key(name);
    if (value < 0) {
        fmt_char(&line, '-');
    }
    fmt_u32(&line, value < 0 ? 0u - (uint32_t)value : (uint32_t)value);
}

void log_end(void)
{
    MX_ASSERT(open);
    open = false;
    mx_port_log(line_level, line.buf, line.len);
}

void log_event(enum mx_log_level level, const char *event, uint32_t sid)
{
    log_begin(level, event, sid);
    log_end();
}
