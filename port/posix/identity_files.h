/* SPDX-License-Identifier: BSD-3-Clause */
/* The device's identity in files: the owner's own, or one that it makes for
 * itself and keeps. */
#ifndef TINYMX_POSIX_IDENTITY_FILES_H
#define TINYMX_POSIX_IDENTITY_FILES_H

#include "options.h"
#include "tinymx/tls.h"

/* A name of a file in messages. */
#define IDENTITY_PATH_MAX 512

struct identity_files {
    char cert[IDENTITY_PATH_MAX]; /* where they are, once loaded */
    char key[IDENTITY_PATH_MAX];
    bool made; /* by this start */
};

/* Loads --cert and --key, or key.pem and cert.pem of the state folder, which
 * are made when neither is there. 0, or an error of mx_identity_load() or
 * mx_identity_make(), MX_EIO, with the reason in `why`. */
int identity_files_load(struct identity_files *files, struct mx_identity *id,
                        const struct options *o, char *why);

/* Loads --client-ca. 0, also when it was not given; or an error of
 * mx_client_ca_load(), MX_EIO, with the reason in `why`. */
int identity_files_client_ca(struct mx_client_ca *ca, const struct options *o,
                             char *why);

/* Checks the name and logs an advice for whatever does not fit. Whether TLS is
 * to be offered. */
bool identity_files_check(const struct mx_identity *id,
                          const struct options *o);

#endif
