/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_file.h"

#include "file.h"
#include "tinymx/err.h"
#include "why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Nobody's configuration is larger; a wrong file name may be. */
#define FILE_MAX (256 * 1024)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts off the comment and the blanks at both ends. */
static char *trim(char *line)
{
    char *end;

    for (char *at = line; *at != '\0'; at++) {
        if (*at == '#' && (at == line || is_blank(at[-1]))) {
            *at = '\0';
            break;
        }
    }
    while (is_blank(*line)) {
        line++;
    }
    end = line + strlen(line);
    while (end > line && is_blank(end[-1])) {
        *--end = '\0';
    }
    return line;
}

/* "key = value" into its two halves. */
static int split(char *line, char **key, char **value, char *why)
{
    char *equals = strchr(line, '=');

    if (equals == NULL) {
        return why_set(why, MX_EINVAL,
                       "'%.100s' is not of the form key = value", line);
    }
    *equals = '\0';
    *key = trim(line);
    *value = trim(equals + 1);
    return 0;
}

static int take_line(struct options *o, char *line, char *why)
{
    const struct option *row;
    char *key = NULL, *value = NULL;
    int rc = split(line, &key, &value, why);

    if (rc != 0) {
        return rc;
    }
    row = options_find(key);
    if (row == NULL) {
        return why_set(why, MX_EINVAL,
                       "there is no setting '%.100s'; "
                       "tinymx-sim --help lists them",
                       key);
    }
    if (row->kind == KIND_ALONE || strcmp(key, "config") == 0) {
        return why_set(why, MX_EINVAL, "'%s' is for the command line only",
                       key);
    }
    if (row->kind != KIND_LIST &&
        o->source[row - options_table] == OPTIONS_FILE) {
        return why_set(why, MX_EINVAL, "'%s' is given a second time", key);
    }
    if (*value == '\0') {
        return why_set(why, MX_EINVAL, "'%s' has no value", key);
    }
    rc = options_set(o, row, value, OPTIONS_FILE, why);
    if (rc != 0) {
        char reason[MX_POSIX_WHY_MAX];

        memcpy(reason, why, sizeof reason);
        return why_set(why, rc, "%s: %.400s", key, reason);
    }
    return 0;
}

static int take_text(struct options *o, const char *path, char *text, char *why)
{
    char reason[MX_POSIX_WHY_MAX];
    unsigned number = 0;
    char *next;

    for (char *line = text; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        number++;
        line = trim(line);
        if (*line != '\0' && take_line(o, line, reason) != 0) {
            return why_set(why, MX_EINVAL, "%.200s:%u: %.280s", path, number,
                           reason);
        }
    }
    return 0;
}

int config_file_read(struct options *o, const char *path, char *why)
{
    size_t len;
    char *text = file_read(path, FILE_MAX, &len);

    if (text == NULL) {
        return why_set(why, MX_EIO, "cannot read %s: %s", path,
                       strerror(errno));
    }
    if (memchr(text, '\0', len) != NULL) {
        free(text);
        return why_set(why, MX_EINVAL, "%s is not a text file", path);
    }
    o->file = text;
    return take_text(o, path, text, why);
}
