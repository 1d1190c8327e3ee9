/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sink that does as it is told and watches the server: the order of calls,
 * the same call again after MX_EAGAIN, each message ended once, and nothing in
 * a message that its client did not say, in TLS what was said in TLS.
 */
#ifndef TINYMX_FUZZ_MAILBOX_H
#define TINYMX_FUZZ_MAILBOX_H

#include "tinymx/sink.h"

#include <stdbool.h>

enum mailbox_call {
    MAILBOX_OPEN,
    MAILBOX_RCPT,
    MAILBOX_WRITE,
    MAILBOX_COMMIT,
    MAILBOX_CALLS
};

struct mailbox {
    struct mx_sink sink;
    unsigned opened, committed, aborted; /* aborted: commits that failed too */
    size_t most;    /* bytes a write takes at once; 0: all */
    bool secure;    /* mail in clear must not come, */
    bool certified; /* nor mail of clients without a good certificate */
};
extern struct mailbox mailbox;

/* Before each input. */
void mailbox_empty(void);
/* The next `times` of a call answer `err`. */
void mailbox_fail(enum mailbox_call call, int err, unsigned times);

#endif
