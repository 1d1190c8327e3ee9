/* SPDX-License-Identifier: BSD-3-Clause */
/* The text after DATA: where its lines begin, which dots are not part of it,
 * and where it ends. */
#ifndef TINYMX_SMTP_DATA_H
#define TINYMX_SMTP_DATA_H

#include "tinymx/mail.h"

/* Commented with what was just read. */
enum smtp_data_state {
    DATA_LINE,   /* CR LF, or nothing yet */
    DATA_INSIDE, /* something of a line */
    DATA_CR,     /* CR */
    DATA_DOT,    /* CR LF . */
    DATA_DOT_CR, /* CR LF . CR */
    DATA_STATES
};

enum smtp_data_event {
    DATA_MORE, /* nothing to tell: all was taken */
    DATA_BODY, /* *body is the next part of the message */
    DATA_BARE, /* a CR or LF that is not part of a CRLF, or a NUL */
    DATA_END,  /* CR LF . CR LF */
};

/* Reads up to the first event, moves *state (which starts as DATA_LINE), and
 * sets *used to the number of bytes taken. *body points into `in`. */
enum smtp_data_event smtp_data_scan(uint8_t *state, const char *in, size_t len,
                                    size_t *used, struct mx_span *body);

#endif
