/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "hash_password.h"

#include "tinymx/err.h"
#include "tinymx/password.h"
#include "tinymx/tls.h"
#include "why.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Of a command line less "PASS " and the line's end. */
#define PASSWORD_MAX (MX_LINE_MAX - 7)

/* Does the terminal show what is typed? Nothing to do when it is none. */
static void echo(bool on)
{
    struct termios t;

    if (tcgetattr(STDIN_FILENO, &t) == 0) {
        t.c_lflag = on ? t.c_lflag | ECHO : t.c_lflag & ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &t);
    }
}

static bool read_line(char *line, size_t cap)
{
    bool typed = isatty(STDIN_FILENO) == 1;
    bool ok;

    if (typed) {
        fputs("Password: ", stderr);
        echo(false);
    }
    ok = fgets(line, (int)cap, stdin) != NULL;
    if (typed) {
        echo(true);
        fputc('\n', stderr);
    }
    return ok;
}

int hash_password(uint32_t iterations, char *why)
{
    char line[PASSWORD_MAX + 2];
    char verifier[MX_PASSWORD_VERIFIER_MAX];
    struct mx_span password = {line, 0};
    int rc;

    if (!read_line(line, sizeof line)) {
        return why_set(why, MX_EINVAL, "there is no password to read");
    }
    password.len = strcspn(line, "\r\n");
    if (password.len == 0 || password.len > PASSWORD_MAX) {
        return why_set(why, MX_EINVAL, "a password has 1 to %d octets",
                       PASSWORD_MAX);
    }
    rc = mx_tls_arena_init();
    if (rc == 0) {
        rc = mx_password_make(password, iterations, verifier);
    }
    memset(line, 0, sizeof line);
    if (rc != 0) {
        return why_set(why, rc, "no verifier: %s", mx_strerror(rc));
    }
    printf("%s\n", verifier);
    return 0;
}
