/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What RFC 5321 and 3030 say a message is, computed another way than in
 * firmware/smtp: from all bytes that were pushed, at once, not as they come.
 */
#ifndef TINYMX_FUZZ_MESSAGE_H
#define TINYMX_FUZZ_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Is `body` the message in the text after DATA, and these bytes the whole of
 * it? False too for one that must not be accepted. RFC 5321 4.1.1.4, 4.5.2. */
bool message_by_data(const char *raw, size_t len, const char *body,
                     size_t body_len);

/* The same for a message that came by BDAT; other commands may stand between
 * its chunks. */
bool message_by_bdat(const char *raw, size_t len, const char *body,
                     size_t body_len);

/* BDAT's size when the line is a good one, else -1. RFC 3030 2. */
long message_chunk(const char *line, size_t len, bool *last);

/* Received: fields. RFC 5321 6.3. */
unsigned message_hops(const char *body, size_t len);

#endif
