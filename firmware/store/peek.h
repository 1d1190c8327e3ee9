/* SPDX-License-Identifier: BSD-3-Clause */
/* What a peek's two halves share: peek.c knows lines and fields, peek_value.c
 * makes text of a field's body. */
#ifndef TINYMX_STORE_PEEK_H
#define TINYMX_STORE_PEEK_H

#include "tinymx/peek.h"

/* A text and what it stands for. */
struct peek_row {
    const char *text; /* in lower case */
    uint8_t is;
};

/* Begins p->word with `c`, and adds to it; one that is full stays full. */
void peek_word_begin(struct mx_peek *p, char c);
void peek_word_add(struct mx_peek *p, char c);

/* The first row that p->word is the beginning of, or NULL. Case is no matter.
 * It is the whole of it when as long. */
const struct peek_row *peek_word_find(const struct mx_peek *p,
                                      const struct peek_row *rows, size_t n);

/* A field's body begins; its next byte, no line end; and its end, after which
 * p->value and p->cut are what the field is. */
void peek_value_begin(struct mx_peek *p);
void peek_value_byte(struct mx_peek *p, char c);
void peek_value_end(struct mx_peek *p);

#endif
