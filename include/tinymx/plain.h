/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stranger's text, made harmless for a terminal.
 *
 *     struct mx_plain plain;
 *     mx_plain_init(&plain, write, &where);
 *     mx_plain_push(&plain, data, len);      as often as there is more
 *     mx_plain_end(&plain);
 *
 * Printable ASCII, tabs and line ends go through, CR LF as LF, and so do the
 * characters of well-formed UTF-8 (RFC 3629) but the C1 controls. Every other
 * byte is shown as \xHH, so none of it is a command to the terminal.
 */
#ifndef TINYMX_PLAIN_H
#define TINYMX_PLAIN_H

#include <stddef.h>
#include <stdint.h>

struct mx_plain {
    void (*write)(void *ctx, const char *text, size_t len);
    void *ctx;
    char held[4]; /* private: a CR, or a character that is not whole yet */
    uint8_t fill; /* private */
};

/* `write` gets pieces of one byte or more, in order, and takes all of them. */
void mx_plain_init(struct mx_plain *plain,
                   void (*write)(void *ctx, const char *text, size_t len),
                   void *ctx);

void mx_plain_push(struct mx_plain *plain, const void *data, size_t len);

/* No more of it comes: shows what was held back for what could have followed.
 */
void mx_plain_end(struct mx_plain *plain);

#endif
