/* SPDX-License-Identifier: BSD-3-Clause */
/* The device's identity in files: the owner's own, or one that the device makes
 * for itself and keeps, in a file that is to it what flash is to a board. */
#ifndef TINYMX_POSIX_IDENTITY_FILES_H
#define TINYMX_POSIX_IDENTITY_FILES_H

#include "options.h"
#include "tinymx/keeper.h"
#include "tinymx/tls.h"

/* A name of a file in messages. */
#define IDENTITY_PATH_MAX 512

struct identity_files {
    char cert[IDENTITY_PATH_MAX]; /* where the owner finds it, once started */
    char key[IDENTITY_PATH_MAX];  /* "": in the store */
};

/* Starts the keeper with --cert and --key, or key.pem and cert.pem of the state
 * folder, if there is a key; else with the store in that folder. 0, or an error of
 * mx_keeper_start(), MX_EIO, with the reason in `why`. */
int identity_files_start(struct identity_files *files, struct mx_keeper *k,
                         const struct options *o, char *why);
void identity_files_stop(struct mx_keeper *k);

/* Writes the certificate of a kept identity beside it, for people and programs,
 * if it has changed. */
void identity_files_poll(const struct identity_files *files,
                         const struct mx_keeper *k);

/* For the console: installs the chain in this file, PEM or DER. */
int identity_files_install(struct mx_keeper *k, const char *path,
                           const char **why);

/* Loads --client-ca. 0, also when it was not given; or an error of
 * mx_client_ca_load(), MX_EIO, with the reason in `why`. */
int identity_files_client_ca(struct mx_client_ca *ca, const struct options *o,
                             char *why);

#endif
