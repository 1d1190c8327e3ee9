/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands.h"

#include "mailbox.h"

#include "tinymx/console_identity.h"
#include "tinymx/console_mail.h"
#include "tinymx/err.h"

#include <string.h>

static struct mx_console_mail mail;
static struct mx_console console;

/* Where there is a resolver to ask. */
#if MX_DNS
static struct mx_doctor doctor;
static struct mx_console_identity identity = {.doctor = &doctor};
#else
static struct mx_console_identity identity;
#endif

void commands_status(struct mx_console *c, const char *args)
{
    mx_console_identity_status(c, args);
    mx_console_mail_status(c, args);
}

const char commands_format_help[] = "make what is no spool one: format yes";

/* For a card that is new, and has somebody's file system. */
void commands_format(struct mx_console *c, const char *args)
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

void commands_start(const struct commands_config *config)
{
    mail.spool = mailbox_spool();
    identity.keeper = &config->device->keeper;
    identity.table = &config->device->table;
    if (config->settings != NULL) {
        identity.addresses =
            mx_settings_names(config->settings, MX_SETTING_PUBLIC);
    }
    console.server = &config->device->server;
    console.identity = &identity;
    console.more = config->table;
    console.mail = &mail;
    console.write = config->write;
    mx_console_init(&console);
}

static void echo(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        console.write(text[i] == '\r' ? "\n" : text + i, 1);
    }
}

void commands_typed(const char *text, size_t len)
{
    size_t done = 0;

    echo(text, len);
    while (done < len) {
        done += mx_console_push(&console, text + done, len - done);
    }
}

bool commands_poll(void)
{
    return mx_console_poll(&console);
}

bool commands_waits(void)
{
    return console.idle;
}
