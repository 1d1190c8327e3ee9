/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a device's mail goes: a spool on what board_store() opens. */
#ifndef TINYMX_DEVICE_MAILBOX_H
#define TINYMX_DEVICE_MAILBOX_H

#include "tinymx/spool.h"

struct mx_keeper_config;

/* Mounts it, and says so in the log. */
void mailbox_start(void);

/* Where the device's identity is kept: dev, first and blocks of it, or nothing
 * when there is no place. */
void mailbox_identity(struct mx_keeper_config *config);

/* For the server. A device that cannot keep mail must not say 250: while there
 * is no spool every message is refused for now (451), and the senders try
 * again. */
struct mx_sink *mailbox_sink(void);

/* The largest message that is taken. */
uint32_t mailbox_max_message(void);

/* NULL: there is none. */
struct mx_spool *mailbox_spool(void);

/* Does a little ahead. True: there is more. */
bool mailbox_poll(void);

/* Makes a device that is none a spool, whatever is on it; mail is taken from
 * here on. 0; MX_EEXIST: it is one; or what mx_spool_format() says. */
int mailbox_format(void);

#endif
