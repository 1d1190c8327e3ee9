/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a server says, checked as it comes: lines of at most 512 octets that end
 * in CRLF, printable, a code of three digits that is the same in all lines of a
 * reply, an enhanced code that agrees with it (RFC 5321 4.2, RFC 2034 4).
 */
#ifndef TINYMX_FUZZ_REPLIES_H
#define TINYMX_FUZZ_REPLIES_H

#include <stdbool.h>
#include <stddef.h>

struct replies {
    char line[513];
    size_t fill;       /* of a line that is not whole yet */
    char code[4];      /* of the last line */
    bool more;         /* it was not the last of its reply */
    unsigned whole;    /* replies so far */
    unsigned accepted; /* of these, promises to deliver a message */
    unsigned ready;    /* of these, invitations to start TLS */
    unsigned denied;   /* and what one is told whose certificate is no good */
};

void replies_push(struct replies *r, const char *data, size_t len);

#endif
