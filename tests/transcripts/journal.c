/* SPDX-License-Identifier: BSD-3-Clause */
#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(cond) ((cond) ? (void)0 : full(__LINE__))

_Noreturn static void full(int line)
{
    fprintf(stderr, "journal.c:%d: too long\n", line);
    abort();
}

void journal_clear(struct journal *j)
{
    j->len = j->line_len = 0;
    j->kind = 0;
}

static void put(struct journal *j, const char *text, size_t len)
{
    CHECK(len < sizeof j->text - j->len);
    memcpy(j->text + j->len, text, len);
    j->len += len;
}

void journal_note(struct journal *j, const char *kind, const char *text,
                  size_t len)
{
    put(j, kind, strlen(kind));
    put(j, ": ", len > 0 ? 2 : 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char escape[8];

        if (c == '\\') {
            put(j, "\\\\", 2);
        } else if (c == '\r' || c == '\n') {
            put(j, c == '\r' ? "\\r" : "\\n", 2);
        } else if (c < ' ' || c == 0x7f) {
            put(j, escape,
                (size_t)snprintf(escape, sizeof escape, "\\x%02x", c));
        } else {
            put(j, text + i, 1);
        }
    }
    put(j, "\n", 1);
}

void journal_flush(struct journal *j)
{
    char kind[2] = {(char)(j->kind | 0x20), '\0'};

    if (j->line_len > 0) {
        journal_note(j, kind, j->line, j->line_len);
        j->line_len = 0;
    }
}

void journal_stream(struct journal *j, char kind, const char *text, size_t len)
{
    char name[2] = {kind, '\0'};

    if (j->kind != kind) {
        journal_flush(j);
        j->kind = kind;
    }
    for (size_t i = 0; i < len; i++) {
        CHECK(j->line_len < sizeof j->line);
        j->line[j->line_len++] = text[i];
        if (j->line_len >= 2 &&
            memcmp(j->line + j->line_len - 2, "\r\n", 2) == 0) {
            journal_note(j, name, j->line, j->line_len - 2);
            j->line_len = 0;
        }
    }
}

void journal_die(struct journal *j, const char *file, int line,
                 const char *what)
{
    journal_flush(j);
    fprintf(stderr, "%.*s%s:%d: the engine broke: %s\n", (int)j->len, j->text,
            file, line, what);
    abort();
}
