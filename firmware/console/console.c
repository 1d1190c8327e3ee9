/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes to lines, lines to commands. */
#include "tinymx/console.h"

#include "console/status.h"
#include "util/fmt.h"

#include <string.h>

#define WIDTH 10 /* of names in `help` */

static void help_run(struct mx_console *c, const char *args);

static const struct mx_console_command built_in[] = {
    {"status", "uptime, sessions, memory with high-water marks, counters",
     status_run},
    {"help", "this", help_run},
    {NULL, NULL, NULL},
};

/* --- output ------------------------------------------------------------- */

void mx_console_print(struct mx_console *c, const char *text)
{
    size_t len = strlen(text);

    if (len > 0) {
        c->write(text, len);
    }
}

void mx_console_number(struct mx_console *c, uint32_t n)
{
    char digits[12];
    struct fmt f;

    fmt_init(&f, digits, sizeof digits);
    fmt_u32(&f, n);
    c->write(f.buf, f.len);
}

void mx_console_levels(struct mx_console *c, const char *name,
                       const struct mx_console_level *levels, size_t count)
{
    mx_console_print(c, name);
    for (size_t i = 0; i < count; i++) {
        mx_console_print(c, i == 0 ? ": " : ", ");
        mx_console_number(c, levels[i].n);
        if (levels[i].what[0] != '\0') {
            mx_console_print(c, " ");
            mx_console_print(c, levels[i].what);
        }
    }
    mx_console_print(c, "\n");
}

/* --- commands ----------------------------------------------------------- */

static const struct mx_console_command *
find(const struct mx_console_command *table, const char *name)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0) {
            return table;
        }
    }
    return NULL;
}

static void help_table(struct mx_console *c,
                       const struct mx_console_command *table)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (table->help == NULL) {
            continue;
        }
        mx_console_print(c, table->name);
        mx_console_print(c, " ");
        for (size_t i = strlen(table->name) + 1; i < WIDTH; i++) {
            mx_console_print(c, " ");
        }
        mx_console_print(c, table->help);
        mx_console_print(c, "\n");
    }
}

static void help_run(struct mx_console *c, const char *args)
{
    (void)args;
    help_table(c, built_in);
    help_table(c, c->more);
}

/* --- lines -------------------------------------------------------------- */

static char *skip_blanks(char *at)
{
    while (*at == ' ') {
        at++;
    }
    return at;
}

/* Cuts `line` in two: the name, which is returned, and the rest. */
static char *split(char *line, char **args)
{
    char *name = skip_blanks(line);
    char *end = line + strlen(line);

    while (end > name && end[-1] == ' ') {
        *--end = '\0';
    }
    end = name;
    while (*end != '\0' && *end != ' ') {
        end++;
    }
    *args = end;
    if (*end != '\0') {
        *end = '\0';
        *args = skip_blanks(end + 1);
    }
    return name;
}

static void run(struct mx_console *c, char *line)
{
    char *args;
    const char *name = split(line, &args);
    const struct mx_console_command *command = find(built_in, name);
    const struct mx_console_command *more = find(c->more, name);

    if (command != NULL && args[0] != '\0') {
        mx_console_print(c, name);
        mx_console_print(c, " takes no arguments\n");
        return;
    }
    if (command != NULL) {
        command->run(c, args);
    }
    if (more != NULL) {
        more->run(c, args);
    }
    if (command == NULL && more == NULL && name[0] != '\0') {
        mx_console_print(c, "unknown command: ");
        mx_console_print(c, name);
        mx_console_print(c, "; help lists those there are\n");
    }
}

static void end_line(struct mx_console *c)
{
    bool overlong = c->overlong;

    c->line[c->fill] = '\0';
    c->fill = 0;
    c->overlong = false;
    if (c->turn != NULL) {
        c->turn = NULL;
        mx_console_print(c, "\nstopped\n");
    }
    if (c->line_of != NULL) {
        c->line_of(c, overlong ? "" : c->line);
        return;
    }
    if (!overlong) {
        run(c, c->line);
        return;
    }
    mx_console_print(c, "line too long: ");
    mx_console_number(c, MX_CONSOLE_LINE_MAX - 1);
    mx_console_print(c, " bytes at most\n");
}

static void take(struct mx_console *c, char b)
{
    if (b == '\r' || b == '\n') {
        end_line(c);
    } else if (c->fill == MX_CONSOLE_LINE_MAX - 1) {
        c->overlong = true;
    } else if (b == '\t') {
        c->line[c->fill++] = ' ';
    } else {
        c->line[c->fill++] = b >= ' ' && b <= '~' ? b : '?';
    }
}

void mx_console_init(struct mx_console *c)
{
    c->fill = 0;
    c->overlong = false;
    c->cr = false;
    c->turn = NULL;
    c->line_of = NULL;
}

size_t mx_console_push(struct mx_console *c, const void *data, size_t len)
{
    const char *bytes = data;
    size_t i = 0;
    bool begun = false; /* an answer that takes turns */

    while (i < len && !begun) {
        char b = bytes[i++];
        bool ends_line = b == '\r' || (b == '\n' && !c->cr);

        if (ends_line || b != '\n') {
            take(c, b);
        }
        c->cr = b == '\r';
        begun = ends_line && c->turn != NULL;
    }
    return i;
}

void mx_console_turns(struct mx_console *c, bool (*turn)(struct mx_console *c))
{
    c->turn = turn;
}

void mx_console_lines(struct mx_console *c,
                      void (*line)(struct mx_console *c, const char *line))
{
    c->line_of = line;
}

bool mx_console_poll(struct mx_console *c)
{
    c->idle = false;
    if (c->turn != NULL && !c->turn(c)) {
        c->turn = NULL;
    }
    return c->turn != NULL;
}
