/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The spool as one POP3 session sees it: a row of messages that stays as it is.
 *
 * There is no table of them. Places are counted along the spool, over messages
 * that were committed before the session began; nobody deletes one of these
 * meanwhile, since the spool is locked. If the spool itself loses one, places
 * mean nothing any more, and nothing is found.
 */
#ifndef TINYMX_SERVER_MAILDROP_H
#define TINYMX_SERVER_MAILDROP_H

#include "tinymx/pop3_server.h"

enum maildrop_stage {
    MAILDROP_FREE,
    MAILDROP_TRYING,   /* a password; the spool is not locked yet */
    MAILDROP_COUNTING, /* messages */
    MAILDROP_OPEN,
};

/* Locks the spool for the session that holds the maildrop. False: it is. */
bool maildrop_lock(struct mx_maildrop *m);

/* Counts some more messages. MX_EAGAIN: there may be others; 0: m->drop has
 * them; or an error. */
int maildrop_count(struct mx_maildrop *m);

/* m->mail becomes the message at this place. 0, or an error. */
int maildrop_find(struct mx_maildrop *m, uint16_t place);

/* Its octets as RETR sends them; < 0: an error. */
int64_t maildrop_octets(struct mx_maildrop *m);

/* The same for one that will be read: it is read as a whole, into `room`, to see
 * whether it can be. MX_EAGAIN: there is more to read; 0; or an error. */
int maildrop_open(struct mx_maildrop *m, uint16_t place, void *room,
                  size_t len);

/* As many bytes from `off` on as there are, up to `len`; or an error. */
int maildrop_read(struct mx_maildrop *m, uint32_t off, void *room, size_t len);

/* Whoever held it does no more. */
void maildrop_release(struct mx_maildrop *m);

#endif
