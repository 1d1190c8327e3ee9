/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx-spool: a device's mail on a PC. It only reads. */
#define _DEFAULT_SOURCE
#include "image.h"
#include "tool.h"

#include "tinymx/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command {
    const char *name;
    const char *arg; /* what it takes, NULL: nothing */
    const char *help;
    enum tool_status (*run)(struct tool *t);
} commands[] = {
    {"list", NULL, "a line each: number, date, size, TLS, From, Subject",
     list_run},
    {"cat", "N", "message N, as it is in the spool", cat_run},
    {"export", "DIR", "all of them as files; nothing is overwritten",
     export_run},
    {"fsck", NULL, "reads every byte and says what is damaged", fsck_run},
    {"stat", NULL, "how many, how large, how full", stat_run},
};

#define COMMANDS (sizeof commands / sizeof *commands)

static void help(void)
{
    puts("usage: tinymx-spool IMAGE COMMAND\n"
         "       tinymx-spool --help | --version\n"
         "\n"
         "Reads a device's mail: IMAGE is an SD card, a dump of flash, or the\n"
         "file of tinymx-sim --spool. It is never written to.\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        printf("  %-6s %-3s  %s\n", commands[i].name,
               commands[i].arg != NULL ? commands[i].arg : "",
               commands[i].help);
    }
    puts("\n"
         "  --format maildir|eml   behind `export DIR`; maildir if not given\n"
         "\n"
         "Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage.\n"
         "tinymx-spool(1) says more.");
}

/* --- for the commands --------------------------------------------------- */

int tool_next(struct tool *t, struct mx_spool_mail *mail)
{
    int rc;

    do {
        rc = mx_spool_next(t->spool, mail);
    } while (rc == MX_EAGAIN);
    if (rc < 0) {
        tool_say(t, "%s", mx_strerror(rc));
    }
    return rc;
}

void tool_say(const struct tool *t, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "tinymx-spool: %s: ", t->path);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    putc('\n', stderr);
}

/* --- the command line --------------------------------------------------- */

static enum tool_status usage(const char *what, const char *word)
{
    fprintf(stderr, "tinymx-spool: %s%s; --help says how it is used\n", what,
            word);
    return TOOL_USAGE;
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* 1 to 2^32 - 1; 0: it is no such number. */
static uint32_t number_of(const char *text)
{
    uint64_t n = 0;

    while (*text >= '0' && *text <= '9' && n <= UINT32_MAX) {
        n = n * 10 + (uint64_t)(*text++ - '0');
    }
    return *text == '\0' && n <= UINT32_MAX ? (uint32_t)n : 0;
}

/* --format maildir|eml, also with an equals sign; `args` ends with NULL. */
static bool take_format(struct tool *t, char **args)
{
    const char *format = NULL;

    if (strncmp(args[0], "--format=", 9) == 0 && args[1] == NULL) {
        format = args[0] + 9;
    } else if (strcmp(args[0], "--format") == 0 && args[1] != NULL &&
               args[2] == NULL) {
        format = args[1];
    }
    t->eml = format != NULL && strcmp(format, "eml") == 0;
    return format != NULL && (t->eml || strcmp(format, "maildir") == 0);
}

/* What stands behind the command's name. */
static enum tool_status
take_arguments(struct tool *t, const struct command *command, char **args)
{
    if (command->arg != NULL && args[0] == NULL) {
        return usage("it lacks ", command->arg);
    }
    if (command->run == cat_run) {
        t->number = number_of(*args++);
        if (t->number == 0) {
            return usage("not the number of a message: ", args[-1]);
        }
    } else if (command->run == export_run) {
        t->folder = *args++;
        if (args[0] != NULL) {
            return take_format(t, args)
                       ? TOOL_FINE
                       : usage("not --format maildir or --format eml: ",
                               args[0]);
        }
    }
    return args[0] == NULL ? TOOL_FINE : usage("too many words: ", args[0]);
}

/* --- the image ---------------------------------------------------------- */

static enum tool_status refuse(const struct tool *t, int rc)
{
    const char *why = rc == MX_EFORMAT   ? "there is no spool on it"
                      : rc == MX_ENOTSUP ? "it is of a newer version"
                                         : mx_strerror(rc);

    tool_say(t, "%s", why);
    return TOOL_WRONG;
}

static enum tool_status run(struct tool *t, const struct command *command)
{
    static const struct mx_spool_config config = {.read_only = true};
    static struct mx_spool spool;
    char why[MX_POSIX_WHY_MAX] = "";
    enum tool_status status;
    struct image image;
    int rc = image_open(&image, t->path, why);

    if (rc != 0) {
        fprintf(stderr, "tinymx-spool: %s\n", why);
        return TOOL_WRONG;
    }
    t->spool = &spool;
    rc = mx_spool_mount(&spool, &image.block, &config);
    status = rc == 0 ? command->run(t) : refuse(t, rc);
    image_close(&image);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        tool_say(t, "standard output cannot be written");
        status = TOOL_WRONG;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct tool tool = {0};
    const struct command *command;
    enum tool_status status;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        help();
        return TOOL_FINE;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("tinymx-spool " TINYMX_VERSION);
        return TOOL_FINE;
    }
    if (argc < 3) {
        return (int)usage("it lacks ", argc < 2 ? "IMAGE" : "a command");
    }
    tool.path = argv[1];
    command = find(argv[2]);
    if (command == NULL) {
        return (int)usage("no such command: ", argv[2]);
    }
    status = take_arguments(&tool, command, argv + 3);
    return (int)(status == TOOL_FINE ? run(&tool, command) : status);
}
