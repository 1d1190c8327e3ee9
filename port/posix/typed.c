/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is typed into the simulator. Nothing that happens to standard input may
 * stop the mail: its end, or an error, is the end of the console alone, and a
 * terminal is read only while this program is in its foreground, since reading
 * it from the background stops the reader (SIGTTIN).
 */
#define _DEFAULT_SOURCE
#include "typed.h"

#include "tinymx/console.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *mail_folder;
static bool ended;
static bool terminal;

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

static const struct mx_console_command commands[] = {
    {"mail", "what is in the Maildir's new/: number, size, file", mail_run},
    {NULL, NULL, NULL},
};

static struct mx_console console = {.more = commands, .write = write_out};

/* --- standard input ----------------------------------------------------- */

void typed_init(const struct mx_server *server, const char *maildir)
{
    mail_folder = maildir;
    ended = false;
    terminal = isatty(STDIN_FILENO) != 0;
    console.server = server;
    mx_console_init(&console);
}

static bool is_ours(void)
{
    return !terminal || tcgetpgrp(STDIN_FILENO) == getpgrp();
}

int typed_fd(void)
{
    return ended || !is_ours() ? -1 : STDIN_FILENO;
}

/* Says an error that something may come yet? The last one: the terminal went
 * to somebody else between looking and reading. */
static bool is_passing(int err)
{
    return err == EAGAIN || err == EINTR || (err == EIO && !is_ours());
}

void typed_read(void)
{
    char buf[256];
    ssize_t n;

    if (!is_ours()) {
        return;
    }
    n = read(STDIN_FILENO, buf, sizeof buf);
    if (n > 0) {
        mx_console_push(&console, buf, (size_t)n);
        fflush(stdout);
    } else if (n == 0 || !is_passing(errno)) {
        ended = true;
    }
}
