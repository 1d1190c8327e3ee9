/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the simulator can be told: the first line of the input is the command
 * line, its words divided by blanks; the rest is the configuration file.
 *
 * What was accepted is within the table's limits, and, written as a file again,
 * is understood in the same way.
 */
#define _GNU_SOURCE
#include "config_file.h"
#include "fuzz.h"
#include "options.h"

#include "tinymx/err.h"
#include "tinymx/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORDS_MAX 64

static char why[MX_POSIX_WHY_MAX];

static void check_refused(int rc)
{
    FUZZ_CHECK(rc == MX_EINVAL);
    FUZZ_CHECK(memchr(why, '\0', sizeof why) != NULL && why[0] != '\0');
}

/* A file that has no place in any folder. */
static int read_file(struct options *o, const char *text, size_t len)
{
    char path[32];
    int fd = memfd_create("config", 0);
    int rc;

    FUZZ_CHECK(fd >= 0 && write(fd, text, len) == (ssize_t)len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    rc = config_file_read(o, path, why);
    (void)close(fd);
    return rc;
}

/* --- what was accepted -------------------------------------------------- */

static const void *field_of(const struct options *o, const struct option *row)
{
    return (const char *)o + row->offset;
}

static const char *text_of(const struct options *o, const struct option *row)
{
    return *(const char *const *)field_of(o, row);
}

static uint32_t number_of(const struct options *o, const struct option *row)
{
    return *(const uint32_t *)field_of(o, row);
}

static void check_list(const struct options_list *list)
{
    FUZZ_CHECK(list->len <= OPTIONS_LIST_MAX && list->item[list->len] == NULL);
    for (size_t i = 0; i < list->len; i++) {
        FUZZ_CHECK(list->item[i] != NULL && list->item[i][0] != '\0');
    }
}

/* The word of a row's choice that a number stands for; its length. */
static int word_of(const struct option *row, uint32_t number, const char **word)
{
    *word = row->arg;
    for (uint32_t i = 0; i < number; i++) {
        *word = strchr(*word, '|');
        FUZZ_CHECK(*word != NULL);
        (*word)++;
    }
    return (int)strcspn(*word, "|");
}

static void check_row(const struct options *o, const struct option *row)
{
    const char *word;

    switch (row->kind) {
    case KIND_LIST:
        check_list(field_of(o, row));
        break;
    case KIND_COUNT:
    case KIND_BYTES:
        FUZZ_CHECK(number_of(o, row) >= row->min &&
                   number_of(o, row) <= row->max);
        break;
    case KIND_WORD:
        FUZZ_CHECK(word_of(row, number_of(o, row), &word) > 0);
        break;
    case KIND_TEXT:
        FUZZ_CHECK(text_of(o, row) != NULL);
        break;
    case KIND_FLAG:
    case KIND_ALONE:
        break;
    }
}

static void check_accepted(const struct options *o)
{
    for (size_t i = 0; i < options_count; i++) {
        if (o->source[i] != OPTIONS_DEFAULT) {
            check_row(o, &options_table[i]);
        }
    }
    for (size_t i = 0; i < o->domain.len; i++) {
        FUZZ_CHECK(mx_table_check_domain(o->domain.item[i]) == 0);
    }
    for (size_t i = 0; i < o->rcpt.len; i++) {
        FUZZ_CHECK(mx_table_check_rcpt(o->rcpt.item[i]) == 0);
    }
}

/* --- as a file again ---------------------------------------------------- */

static void print_row(FILE *out, const struct options *o,
                      const struct option *row)
{
    const struct options_list *list = field_of(o, row);
    const char *word;
    int len;

    switch (row->kind) {
    case KIND_LIST:
        for (size_t i = 0; i < list->len; i++) {
            fprintf(out, "%s=%s\n", row->name, list->item[i]);
        }
        break;
    case KIND_COUNT:
    case KIND_BYTES:
        fprintf(out, "%s = %u\n", row->name, (unsigned)number_of(o, row));
        break;
    case KIND_WORD:
        len = word_of(row, number_of(o, row), &word);
        fprintf(out, "%s = %.*s # not all\n", row->name, len, word);
        break;
    case KIND_TEXT:
        fprintf(out, "\t%s = %s\r\n", row->name, text_of(o, row));
        break;
    case KIND_FLAG:
        fprintf(out, "%s = %s\n", row->name,
                *(const bool *)field_of(o, row) ? "yes" : "no");
        break;
    case KIND_ALONE:
        break;
    }
}

static char *print(const struct options *o, size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);

    FUZZ_CHECK(out != NULL);
    for (size_t i = 0; i < options_count; i++) {
        if (o->source[i] == OPTIONS_FILE) {
            print_row(out, o, &options_table[i]);
        }
    }
    FUZZ_CHECK(fclose(out) == 0);
    return text;
}

/* What came from a file alone: the command line can say what no file can. */
static void check_again(const struct options *o)
{
    struct options again;
    size_t len, again_len;
    char *text = print(o, &len);
    char *again_text;

    options_init(&again);
    FUZZ_CHECK(read_file(&again, text, len) == 0);
    again_text = print(&again, &again_len);
    FUZZ_CHECK(len == again_len && memcmp(text, again_text, len) == 0);
    options_free(&again);
    free(text);
    free(again_text);
}

/* --- the input ---------------------------------------------------------- */

static int take_command_line(struct options *o, char *line)
{
    char *words[WORDS_MAX + 1] = {(char *)(uintptr_t) "tinymx-sim"};
    int count = 1;

    for (char *w = strtok(line, " "); w != NULL && count < WORDS_MAX;
         w = strtok(NULL, " ")) {
        words[count++] = w;
    }
    return options_parse(o, count, words, why);
}

static int take(struct options *o, char *line, struct fuzz_in *file)
{
    int rc = take_command_line(o, line);

    if (rc == 0) {
        rc = read_file(o, file->at, file->left);
    }
    if (rc != 0) {
        check_refused(rc);
        return rc;
    }
    check_accepted(o);
    fuzz_reached("accepted");
    check_again(o);
    rc = options_check(o, why);
    if (rc != 0) {
        check_refused(rc);
        return rc;
    }
    FUZZ_CHECK(mx_table_check_domain(o->mx) == 0);
    FUZZ_CHECK((o->cert == NULL) == (o->key == NULL));
    FUZZ_CHECK(options_tap(o) != NULL || o->listen.len > 0);
    fuzz_reached(options_tap(o) != NULL ? "complete, TAP" : "complete");
    return 0;
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    struct mx_span first = {NULL, 0};
    struct options o;
    char *line;

    (void)fuzz_line(&in, &first);
    line = fuzz_string(first.ptr, first.len);
    options_init(&o);
    (void)take(&o, line, &in);
    options_free(&o);
    free(line);
}
