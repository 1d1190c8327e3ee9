/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's command `mail`: what is in the spool.
 *
 *     mail
 *         1 seen 23 Nov 2026 14:28      1234 TLS  Joe <joe@example.org>  ...
 *         2 new  23 Nov 2026 14:31      5678      alice@example.org      ...
 *     2 messages, 1 new
 *     mail 2             prints it, and it was seen then
 *     mail 2 headers     its header alone; it stays new
 *     mail del 2         it is gone
 *
 * What a stranger wrote is shown by tinymx/plain.h, From and Subject by
 * tinymx/peek.h. A turn of the console reads one message's header, or prints
 * 128 bytes of a text.
 *
 * While somebody has the spool locked nothing is deleted here: "in use".
 */
#ifndef TINYMX_CONSOLE_MAIL_H
#define TINYMX_CONSOLE_MAIL_H

#include "tinymx/console.h"
#include "tinymx/plain.h"
#include "tinymx/spool.h"

struct mx_console_mail {
    struct mx_spool *spool; /* NULL: there is none */

    /* Private. */
    struct mx_spool_mail at;
    struct mx_plain text;
    uint32_t off;  /* of what was printed */
    bool deletion; /* is wanted of it, */
    bool headers;  /* or these only */
    bool blank;    /* nothing in this line yet, but a CR */
    char last;     /* byte that was written */
};

/* A row of a table of commands; console.mail is set. */
extern const char mx_console_mail_help[];
void mx_console_mail(struct mx_console *c, const char *args);

/* A row "status": the line of mx_spool_stats() behind the built-in ones. */
void mx_console_mail_status(struct mx_console *c, const char *args);

#endif
