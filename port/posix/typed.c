/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is typed into the simulator. Nothing that happens to standard input may
 * stop the mail: its end, or an error, is the end of the console alone, and a
 * terminal is read only while this program is in its foreground, since reading
 * it from the background stops the reader (SIGTTIN).
 */
#define _DEFAULT_SOURCE
#include "typed.h"

#include "tinymx/console_identity.h"
#include "tinymx/console_mail.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often it is looked whether a reader of standard output goes on. */
#define READER_MS 50

/* How often an answer that waits for something is asked whether it goes on. */
#define IDLE_MS 20

static const char *mail_folder;
static bool ended;
static bool terminal;
static bool talking; /* a long answer is not over yet */
static char typed[256];
static size_t typed_at, typed_len; /* of typed: what no command was made of */

/* --- the command mail --------------------------------------------------- */

static int is_mail(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Where new/ is; NULL if its name is too long to be one. */
static DIR *open_new(struct dirent ***list, int *count)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/new", mail_folder);
    DIR *folder = NULL;

    if (len > 0 && (size_t)len < sizeof path) {
        folder = opendir(path);
    }
    *count = folder != NULL ? scandir(path, list, is_mail, alphasort) : -1;
    if (folder != NULL && *count < 0) {
        closedir(folder);
        folder = NULL;
    }
    return folder;
}

static void say_mail(struct mx_console *c, int number, const char *name,
                     long long size)
{
    char line[512];

    snprintf(line, sizeof line, "%d: %lld bytes, %s\n", number, size, name);
    mx_console_print(c, line);
}

/* A reader may take one away at any time. */
static void mail_run(struct mx_console *c, const char *args)
{
    struct dirent **list = NULL;
    struct stat st;
    int count, shown = 0;
    DIR *folder;

    if (args[0] != '\0') {
        mx_console_print(c, "mail takes no arguments\n");
        return;
    }
    folder = open_new(&list, &count);
    if (folder == NULL) {
        mx_console_print(c, "the Maildir cannot be read\n");
        return;
    }
    for (int i = 0; i < count; i++) {
        if (fstatat(dirfd(folder), list[i]->d_name, &st, 0) == 0) {
            say_mail(c, ++shown, list[i]->d_name, (long long)st.st_size);
        }
        free(list[i]);
    }
    free(list);
    closedir(folder);
    if (shown == 0) {
        mx_console_print(c, "no new mail\n");
    }
}

static void write_out(const char *text, size_t len)
{
    fwrite(text, 1, len, stdout);
}

static void status_run(struct mx_console *c, const char *args)
{
    mx_console_identity_status(c, args);
    if (c->mail->spool != NULL) {
        mx_console_mail_status(c, args);
    }
}

static const struct mx_console_command of_maildir[] = {
    {"status", NULL, status_run},
    {"mail", "what is in the Maildir's new/: number, size, file", mail_run},
    {"identity", mx_console_identity_help, mx_console_identity},
    {NULL, NULL, NULL},
};

static const struct mx_console_command of_spool[] = {
    {"status", NULL, status_run},
    {"mail", mx_console_mail_help, mx_console_mail},
    {"identity", mx_console_identity_help, mx_console_identity},
    {NULL, NULL, NULL},
};

static struct mx_console_mail mail;
static struct mx_doctor doctor;
static struct mx_console_identity identity = {.doctor = &doctor};
static struct mx_console console = {
    .mail = &mail, .identity = &identity, .write = write_out};

/* --- standard input ----------------------------------------------------- */

void typed_init(const struct typed_config *config)
{
    mail_folder = config->maildir;
    mail.spool = config->spool;
    identity.keeper = config->keeper;
    identity.table = config->table;
    identity.addresses.array = config->addresses;
    identity.install = config->install;
    console.more = config->spool != NULL ? of_spool : of_maildir;
    console.server = config->server;
    ended = false;
    talking = false;
    typed_at = typed_len = 0;
    terminal = isatty(STDIN_FILENO) != 0;
    mx_console_init(&console);
}

static bool is_ours(void)
{
    return !terminal || tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* Is there anything to do first? */
static bool is_busy(void)
{
    return (talking && !terminal) || typed_at < typed_len;
}

int typed_fd(void)
{
    return ended || !is_ours() || is_busy() ? -1 : STDIN_FILENO;
}

/* Says an error that something may come yet? The last one: the terminal went
 * to somebody else between looking and reading. */
static bool is_passing(int err)
{
    return err == EAGAIN || err == EINTR || (err == EIO && !is_ours());
}

/* Runs what was typed, up to a command that has a long answer. */
static void run_typed(void)
{
    typed_at +=
        mx_console_push(&console, typed + typed_at, typed_len - typed_at);
    talking = mx_console_poll(&console);
    fflush(stdout);
}

void typed_read(void)
{
    ssize_t n;

    if (!is_ours() || is_busy()) {
        return;
    }
    n = read(STDIN_FILENO, typed, sizeof typed);
    if (n > 0) {
        typed_at = 0;
        typed_len = (size_t)n;
        run_typed();
    } else if (n == 0 || !is_passing(errno)) {
        ended = true;
    }
}

static bool is_read(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&out, 1, 0) > 0;
}

uint32_t typed_poll(void)
{
    if (!talking && typed_at == typed_len) {
        return UINT32_MAX;
    }
    if (!is_read()) {
        return READER_MS;
    }
    if (talking) {
        talking = mx_console_poll(&console);
        fflush(stdout);
    } else {
        run_typed();
    }
    if (talking && console.idle) {
        return IDLE_MS;
    }
    return talking || typed_at < typed_len ? 0 : UINT32_MAX;
}
