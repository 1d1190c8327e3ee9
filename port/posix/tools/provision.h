/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of tinymx-provision to each other. */
#ifndef TINYMX_TOOLS_PROVISION_H
#define TINYMX_TOOLS_PROVISION_H

#include "options.h"

#include "tinymx/settings.h"

/* Room for an image; a board's flash has less. */
#define PROVISION_MAX (64u * 1024)

/* --- the table of settings, in the order of their numbers ---------------- */

struct provision_row {
    const char *name; /* of the option */
    uint16_t what;    /* enum mx_setting */
    uint8_t secret;   /* --show does not print it */
};

extern const struct provision_row provision_rows[];
extern const size_t provision_rows_count;

/* --- certificate and key --------------------------------------------------- */

/* As they go into the image: DER. */
struct provision_identity {
    uint8_t cert[MX_CERT_MAX];
    size_t cert_len;
    uint8_t key[MX_CERT_MAX];
    size_t key_len;
};

/* Reads the files that `o` names and says what is to be said of them: warnings
 * and notes on standard error. 0, or an error with `why`. */
int provision_identity_read(struct provision_identity *id,
                            const struct options *o, char *why);

/* --- the image ------------------------------------------------------------- */

struct provision_image {
    uint8_t bytes[PROVISION_MAX];
    size_t len;
};

/* 0; MX_E2BIG: a value, or all of it, has no room in the format. */
int provision_image_make(struct provision_image *image, const struct options *o,
                         const struct provision_identity *id, uint32_t counter,
                         char *why);

/* --- what is on the board already ------------------------------------------ */

#define PROVISION_AREAS 2

/* Dumps of the areas of flash in which it is, A first. */
struct provision_after {
    const char *path[PROVISION_AREAS];
    unsigned count;
    int newest; /* the one that the board takes, from 0; negative: none */
};

/* Reads them. Which is the newest, and the counter that an image has to have to
 * be newer: 1 if there is none yet. 0; MX_EIO; MX_E2BIG: there is no higher
 * one. */
int provision_after_read(struct provision_after *after, uint32_t *counter,
                         char *why);

/* --- an image, read -------------------------------------------------------- */

/* Prints what a device reads out of it. 0, or what mx_settings_open() says. */
int provision_show(const void *image, size_t len, char *why);

#endif
