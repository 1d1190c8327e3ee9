/* SPDX-License-Identifier: BSD-3-Clause */
/* A message on its way out: dots stuffed, cut off behind TOP's last line. */
#ifndef TINYMX_POP3_TEXT_H
#define TINYMX_POP3_TEXT_H

#include "tinymx/pop3.h"

/* It begins. */
void pop3_text_begin(struct mx_pop3 *s);

/* Where the host puts the next bytes, ... */
void *pop3_text_room(struct mx_pop3 *s, size_t *len);
/* ... and so many it did, at least one: they are on their way, as far as there
 * is room for what they become. True: that was the last line wanted. */
bool pop3_text_fill(struct mx_pop3 *s, size_t len);

/* Says what ends it. */
void pop3_text_end(struct mx_pop3 *s);

#endif
