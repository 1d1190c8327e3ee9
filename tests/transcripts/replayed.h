/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a transcript replays: an engine and the other side of it, a file for
 * each protocol (smtp_replayed.c, pop3_replayed.c).
 */
#ifndef TINYMX_REPLAYED_H
#define TINYMX_REPLAYED_H

#include "journal.h"
#include "tinymx/mail.h"

/* The lines that can be expected of it, by their first letters. */
extern const char replayed_kinds[];

void replayed_init(void);
/* A setting of the file. False: there is none of this name or value. */
bool replayed_set(const char *key, struct mx_span value);

/* A session in clear; so many bytes are acknowledged at once, 0: all. */
void replayed_begin(size_t ack_max);
void replayed_handshake(bool denied);
size_t replayed_push(const char *data, size_t len);
void replayed_end(enum mx_why why);

struct journal *replayed_journal(void);

#endif
