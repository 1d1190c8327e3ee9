/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console of a device with a spool: the commands of all platforms, and the
 * port's own rows.
 *
 *   mail     tinymx/console_mail.h
 *   identity tinymx/console_identity.h
 *   format   makes what is no spool one, if it is told so twice
 */
#ifndef TINYMX_DEVICE_COMMANDS_H
#define TINYMX_DEVICE_COMMANDS_H

#include "device.h"

#include "tinymx/console.h"

struct commands_config {
    struct device *device;
    const struct mx_settings *settings;     /* NULL: there are none */
    const struct mx_console_command *table; /* the port's */
    void (*write)(const char *text, size_t len);
};

/* Behind device_start(), if that was called. */
void commands_start(const struct commands_config *config);

/* What was typed at a terminal, which shows what comes back: echoes it, and runs
 * the lines in it. */
void commands_typed(const char *text, size_t len);

/* Goes on with a long answer. True: there is more of it. */
bool commands_poll(void);

/* There is, but nothing will come of it at once: it waits for something. */
bool commands_waits(void);

/* Rows of the port's table: {"format", commands_format_help, commands_format}. */
extern const char commands_format_help[];
void commands_format(struct mx_console *c, const char *args);

/* Of a row "status": identity and spool. */
void commands_status(struct mx_console *c, const char *args);

#endif
