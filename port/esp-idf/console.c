/* SPDX-License-Identifier: BSD-3-Clause */
#include "console.h"

#include "commands.h"
#include "heap.h"
#include "os.h"

#include "tinymx/console_identity.h"
#include "tinymx/console_mail.h"
#include "tinymx/port.h"
#include "tinymx/task.h"
#include "tinymx/trace.h"

/* How often an answer that waits for something is asked whether it goes on. */
#define WAIT_MS 20

/* Between two turns of an answer: others have their turn, too. */
#define TURN_MS 1

static void (*more_status)(struct mx_console *c);

static void say_time(struct mx_console *c)
{
    int64_t now_s = mx_port_time_s();
    char date[MX_DATE_MAX] = "unknown";

    if (now_s != 0) {
        mx_date_format(date, now_s);
    }
    mx_console_print(c, "time: ");
    mx_console_print(c, date);
    mx_console_print(c, "\n");
}

static void run_status(struct mx_console *c, const char *args)
{
    const struct mx_console_level waits = {heap_waits(), ""};

    os_status(c);
    mx_console_levels(c, "waits for memory", &waits, 1);
    say_time(c);
    commands_status(c, args);
    if (more_status != NULL) {
        more_status(c);
    }
}

static const struct mx_console_command table[] = {
    {"status", NULL, run_status},
    {"mail", mx_console_mail_help, mx_console_mail},
    {"identity", mx_console_identity_help, mx_console_identity},
    {"format", commands_format_help, commands_format},
    {NULL, NULL, NULL},
};

struct typed {
    const char *text;
    size_t len;
};

static void take(void *arg)
{
    const struct typed *t = arg;

    commands_typed(t->text, t->len);
}

/* In the console's thread: what was typed is the server's. */
static void typed(const char *text, size_t len)
{
    struct typed t = {text, len};

    (void)mx_task_call(take, &t);
}

int console_start(struct device *device, const struct mx_settings *settings,
                  void (*status)(struct mx_console *c))
{
    const struct commands_config config = {
        .device = device,
        .settings = settings,
        .table = table,
        .write = os_console_write,
    };

    more_status = status;
    commands_start(&config);
    return os_console_start(typed);
}

uint32_t console_poll(void)
{
    if (!commands_poll()) {
        return UINT32_MAX;
    }
    return commands_waits() ? WAIT_MS : TURN_MS;
}
