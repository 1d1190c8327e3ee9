/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands.h"

#include "board.h"
#include "cortexm.h"
#include "link.h"
#include "mailbox.h"
#include "timesync.h"
#include "typed.h"

#include "tinymx/console_identity.h"
#include "tinymx/console_mail.h"
#include "tinymx/err.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct mx_console_mail mail;
static struct mx_console console;

/* Where there is a resolver to ask. */
#if MX_DNS
static struct mx_doctor doctor;
static struct mx_console_identity identity = {.doctor = &doctor};
#else
static struct mx_console_identity identity;
#endif

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
    mx_console_identity_status(c, args);
    mx_console_mail_status(c, args);
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

/* For a card that is new, and has somebody's file system. */
static void run_format(struct mx_console *c, const char *args)
{
    int rc;

    if (strcmp(args, "yes") != 0) {
        mx_console_print(c, "all that is on it will be lost: format yes\n");
        return;
    }
    rc = mailbox_format();
    mail.spool = mailbox_spool();
    mx_console_print(c, rc == 0 ? "it is a spool now\n"
                        : rc == MX_EEXIST
                            ? "it is a spool already: mail del N deletes\n"
                            : "it failed: the log says why\n");
}

static const struct mx_console_command more[] = {
    {"status", NULL, run_status},
    {"mail", mx_console_mail_help, mx_console_mail},
    {"identity", mx_console_identity_help, mx_console_identity},
    {"format", "make what is no spool one: format yes", run_format},
    {"exit", "end the emulator", run_exit},
    {NULL, NULL, NULL},
};

void commands_start(const struct commands_config *config)
{
    mail.spool = mailbox_spool();
    identity.keeper = config->keeper;
    identity.table = config->table;
    identity.addresses = config->addresses;
    console.server = config->server;
    console.identity = &identity;
    console.more = more;
    console.mail = &mail;
    console.write = write;
    mx_console_init(&console);
}

/* A terminal on a UART shows what comes back. */
static void echo(const char *typed, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        write(typed[i] == '\r' ? "\n" : typed + i, 1);
    }
}

bool commands_poll(void)
{
    char typed[16];
    size_t n = typed_take(typed, sizeof typed);
    size_t done = 0;

    if (n > 0) {
        board_listen();
        echo(typed, n);
    }
    while (done < n) {
        done += mx_console_push(&console, typed + done, n - done);
    }
    return mx_console_poll(&console);
}
