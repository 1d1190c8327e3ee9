/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's command `identity`: who the device is.
 *
 *     identity                 name, issuer, end, TLSA; what does not fit
 *     identity new yes         a new key, and a certificate of its own
 *     identity csr [next]      a request for a certificate, PEM
 *     identity install         takes a chain in PEM; a line with a dot ends it
 *     identity next            makes a key ahead, so that its TLSA can be published
 *     identity switch          takes that key into use
 *     identity drop            forgets it
 *     identity dns             what to publish, ready to paste into a zone
 *     identity doctor          what a sender sees in the DNS
 *
 * A change waits until a TLS session's place is free, and for handshakes that are
 * under way; the next line that is typed gives it up.
 */
#ifndef TINYMX_CONSOLE_IDENTITY_H
#define TINYMX_CONSOLE_IDENTITY_H

#include "tinymx/console.h"
#include "tinymx/doctor.h"
#include "tinymx/keeper.h"

struct mx_console_identity {
    struct mx_keeper *keeper;
    const struct mx_table *table; /* whose domains are published */
    struct mx_names addresses; /* under which senders reach it; none: those of
                                     the interface */
    /* What a platform adds: NULL, or it takes what stands behind `install`, such
     * as the name of a file, runs mx_keeper_install_text() of its content, and
     * says why that failed. */
    int (*install)(struct mx_keeper *k, const char *name, const char **why);
    struct mx_doctor *doctor; /* for `identity doctor`, zeroed, or NULL */
    const char *name;         /* private: what it was called with */
    uint8_t what;             /* private: what is being done */
};

extern const char mx_console_identity_help[];
void mx_console_identity(struct mx_console *c, const char *args);

/* What it adds to `status`. */
void mx_console_identity_status(struct mx_console *c, const char *args);

#endif
