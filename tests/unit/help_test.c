/* SPDX-License-Identifier: BSD-3-Clause */
/* --help and the man page say of every option what the table says. */
#define _GNU_SOURCE
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* "--mx NAME" */
static void head_of(char *out, size_t cap, const struct option *row)
{
    snprintf(out, cap, "--%s%s%s", row->name, row->arg != NULL ? " " : "",
             row->arg != NULL ? row->arg : "");
}

/* Runs of blanks and line ends as one blank. */
static void squeeze(char *text)
{
    char *to = text;

    for (const char *at = text; *at != '\0'; at++) {
        bool blank = *at == ' ' || *at == '\n';

        if (!blank) {
            *to++ = *at;
        } else if (to > text && to[-1] != ' ') {
            *to++ = ' ';
        }
    }
    *to = '\0';
}

static void help_has_every_row(void **state)
{
    char *text = NULL, expected[1024], head[128];
    size_t len;
    FILE *f = open_memstream(&text, &len);

    (void)state;
    options_help(f);
    fclose(f);
    for (char *line = text; *line != '\0';) {
        size_t width = strcspn(line, "\n");

        assert_true(width <= 80);
        line += width + 1;
    }
    squeeze(text);
    for (size_t i = 0; i < options_count; i++) {
        head_of(head, sizeof head, &options_table[i]);
        snprintf(expected, sizeof expected, " %s %s ", head,
                 options_table[i].help);
        if (strstr(text, expected) == NULL) {
            fail_msg("--help lacks:%s", expected);
        }
    }
    free(text);
}

/* A line of roff as plain text, in place. */
static void unroff(char *line)
{
    static const char *const marks[] = {"\\fB", "\\fI", "\\fR", "\\&"};
    char *to = line;

    for (char *at = line; *at != '\0' && *at != '\n';) {
        size_t skip = 0;

        for (size_t i = 0; i < 4; i++) {
            if (strncmp(at, marks[i], strlen(marks[i])) == 0) {
                skip = strlen(marks[i]);
            }
        }
        if (skip > 0) {
            at += skip;
        } else {
            at += *at == '\\'; /* \- */
            *to++ = *at++;
        }
    }
    *to = '\0';
}

/* The next option of the OPTIONS section: head, and first paragraph. */
static bool next_entry(FILE *man, char *head, char *text, size_t cap)
{
    static char line[512];
    static bool held; /* `line` is a request that was read too far */

    for (;;) {
        if (!held && fgets(line, sizeof line, man) == NULL) {
            return false;
        }
        held = false;
        if (strncmp(line, ".SH", 3) == 0) {
            return false;
        }
        if (strcmp(line, ".TP\n") == 0) {
            break;
        }
    }
    assert_non_null(fgets(line, sizeof line, man));
    unroff(line);
    strcpy(head, line);
    text[0] = '\0';
    while (fgets(line, sizeof line, man) != NULL && line[0] != '.') {
        unroff(line);
        if (text[0] != '\0') {
            strcat(text, " ");
        }
        assert_true(strlen(text) + strlen(line) + 2 < cap);
        strcat(text, line);
    }
    held = true;
    return true;
}

static void man_page_says_the_same(void **state)
{
    char head[512], text[1024], expected[128], line[512];
    FILE *man = fopen(MAN_PAGE, "r");
    size_t i = 0;

    (void)state;
    assert_non_null(man);
    do {
        assert_non_null(fgets(line, sizeof line, man));
    } while (strcmp(line, ".SH OPTIONS\n") != 0);
    for (; next_entry(man, head, text, sizeof text); i++) {
        assert_true(i < options_count);
        head_of(expected, sizeof expected, &options_table[i]);
        assert_string_equal(head, expected);
        assert_string_equal(text, options_table[i].help);
    }
    assert_int_equal(i, options_count);
    fclose(man);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_has_every_row),
        cmocka_unit_test(man_page_says_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
