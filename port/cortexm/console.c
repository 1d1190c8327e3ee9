/* SPDX-License-Identifier: BSD-3-Clause */
#include "console.h"

#include "board.h"
#include "commands.h"
#include "cortexm.h"
#include "link.h"
#include "timesync.h"
#include "typed.h"

#include "tinymx/console_identity.h"
#include "tinymx/console_mail.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void write(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            board_putc('\r');
        }
        board_putc(text[i]);
    }
}

static void run_status(struct mx_console *c, const char *args)
{
    const struct mx_console_level stack[] = {
        {(uint32_t)(stack_size() - stack_untouched()), "peak"},
        {(uint32_t)stack_size(), "size"},
    };

    mx_console_levels(c, "stack", stack, COUNT(stack));
    link_status(c);
    timesync_status(c);
    commands_status(c, args);
    board_status(c);
    mx_console_print(c, "reset: ");
    mx_console_print(c, board_reset_cause());
    if (fault_last() != NULL) {
        mx_console_print(c, ", ");
        mx_console_print(c, fault_last());
    }
    mx_console_print(c, "\n");
}

static void run_exit(struct mx_console *c, const char *args)
{
    (void)args;
    semihost_exit(0);
    mx_console_print(c, "no emulator\n");
}

static const struct mx_console_command table[] = {
    {"status", NULL, run_status},
    {"mail", mx_console_mail_help, mx_console_mail},
    {"identity", mx_console_identity_help, mx_console_identity},
    {"format", commands_format_help, commands_format},
    {"exit", "end the emulator", run_exit},
    {NULL, NULL, NULL},
};

void console_start(struct device *device, const struct mx_settings *settings)
{
    const struct commands_config config = {
        .device = device,
        .settings = settings,
        .table = table,
        .write = write,
    };

    commands_start(&config);
}

bool console_poll(void)
{
    char typed[16];
    size_t n = typed_take(typed, sizeof typed);

    if (n > 0) {
        board_listen();
        commands_typed(typed, n);
    }
    return commands_poll();
}
