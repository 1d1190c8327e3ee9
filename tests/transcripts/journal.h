/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the host of an engine saw and was asked, line by line, in the notation
 * of the transcripts (see README.md).
 */
#ifndef TINYMX_JOURNAL_H
#define TINYMX_JOURNAL_H

#include <stddef.h>

#define JOURNAL_MAX 65536

struct journal {
    char text[JOURNAL_MAX];
    size_t len;
    char line[JOURNAL_MAX]; /* of a stream, not yet whole, */
    size_t line_len;
    char kind; /* of this one */
};

void journal_clear(struct journal *j);

/* Appends a line "X: text" with `text` escaped. */
void journal_note(struct journal *j, const char *kind, const char *text,
                  size_t len);

/* Bytes of a stream, written line by line: "S" from the server, "B" a body. */
void journal_stream(struct journal *j, char kind, const char *text, size_t len);

/* A line of a stream that is not whole is written as it is. */
void journal_flush(struct journal *j);

/* Prints all of it, and what is wrong. */
_Noreturn void journal_die(struct journal *j, const char *file, int line,
                           const char *what);

#endif
