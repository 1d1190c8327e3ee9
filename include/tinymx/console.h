/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A console: lines in, answers out, the same commands on a UART and on the
 * simulator's standard input.
 *
 *     status
 *     uptime: 4711 s
 *     sessions: 1 now, 3 peak, 4 limit
 *     TLS sessions: 1 now, 2 peak, 2 limit
 *     arena: 20480 used, 39116 peak, 40960 size, 12288 largest, 0 failures
 *     pool heap: 0 used, 1204 peak, 6144 size, 0 failures
 *     ...
 *     accepted: 12
 *     ...
 *
 * `status` and `help` are built in; a platform adds its own, and `mail` of
 * tinymx/console_mail.h, if it has a spool.
 *
 *     static struct mx_console_mail mail = {.spool = &spool};
 *     static const struct mx_console_command more[] = {
 *         {"mail", mx_console_mail_help, mx_console_mail},
 *         {NULL, NULL, NULL},
 *     };
 *     static struct mx_console console = {
 *         .server = &server, .more = more, .mail = &mail, .write = uart_write};
 *
 *     mx_console_init(&console);
 *     ... between two mx_server_poll():
 *     mx_console_push(&console, bytes, len);
 *     mx_console_poll(&console);
 *
 * A line ends in CR, LF or both; there is no echo and no editing. Its first
 * word is the command, the rest is `args`, blanks around both are dropped. An
 * empty line is nothing; a command that is not known, and a line that is too
 * long, get an answer that says so and does nothing else. A byte that is not
 * printable ASCII counts as a question mark.
 *
 * Answers are written in pieces and never held. Their lines end in LF alone: a
 * UART's write() makes CR LF of it. One that may be long is written in turns of
 * a few hundred bytes, so that a slow UART holds up nobody's mail. The next line
 * ends it, be it empty.
 */
#ifndef TINYMX_CONSOLE_H
#define TINYMX_CONSOLE_H

#include "tinymx/server.h"

/* Longest line with its end, so that one of PEM (RFC 7468 2) fits; all of a
 * longer one is dropped, and said. */
#ifndef MX_CONSOLE_LINE_MAX
#define MX_CONSOLE_LINE_MAX 72
#endif

struct mx_console;
struct mx_console_mail;
struct mx_console_identity;

/* One command; `args` is what stands behind its name, terminated, "" if there
 * is nothing. A platform adds its own in a table that ends with a NULL name. */
struct mx_console_command {
    const char *name;
    const char *help; /* one line, without its end; NULL: not in `help` */
    void (*run)(struct mx_console *c, const char *args);
};

struct mx_console {
    const struct mx_server *server;
    /* The platform's own commands, or NULL. One called as a built-in one runs
     * behind it, and adds to its answer. */
    const struct mx_console_command *more;
    struct mx_console_mail *mail;         /* for the command `mail`, or NULL */
    struct mx_console_identity *identity; /* for `identity`, or NULL */
    void (*write)(const char *text, size_t len); /* takes all of it */
    char line[MX_CONSOLE_LINE_MAX];              /* private */
    size_t fill;                                 /* private */
    bool overlong;                               /* private */
    bool cr; /* private: the last byte was one; a LF is part of it */
    /* Set by an answer that waits for something: call mx_console_poll() again,
     * but not at once. */
    bool idle;
    bool (*turn)(struct mx_console *c); /* private: says more of an answer */
    /* private: what the next lines are for, if not commands */
    void (*line_of)(struct mx_console *c, const char *line);
};

/* Fields above "private" are set by the caller; then this. */
void mx_console_init(struct mx_console *c);

/* What was typed; runs every whole line in it, up to one whose answer takes
 * turns. How many bytes were taken: offer the others again when the answer is to
 * end, or when it has ended. */
size_t mx_console_push(struct mx_console *c, const void *data, size_t len);

/* A turn of the answer that takes some. False: there is none, or no more of it.
 */
bool mx_console_poll(struct mx_console *c);

/* For commands: the answer goes on in turns, until `turn` returns false. */
void mx_console_turns(struct mx_console *c, bool (*turn)(struct mx_console *c));

/* For commands: the next lines, as they are and each as it ends, go to `line`;
 * NULL: no more of them. One that is too long comes as "". */
void mx_console_lines(struct mx_console *c,
                      void (*line)(struct mx_console *c, const char *line));

/* For commands. */
void mx_console_print(struct mx_console *c, const char *text);
void mx_console_number(struct mx_console *c, uint32_t n);

/* "name: 3 used, 7 peak, 16 size" and a line end: the form of `status`. */
struct mx_console_level {
    uint32_t n;
    const char *what; /* "": the number alone */
};
void mx_console_levels(struct mx_console *c, const char *name,
                       const struct mx_console_level *levels, size_t count);

#endif
