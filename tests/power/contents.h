/* SPDX-License-Identifier: BSD-3-Clause */
/* What an identity store holds, all of it made from a number, so that it need not
 * be kept to be compared. Number 0 is nothing. */
#ifndef TINYMX_POWER_CONTENTS_H
#define TINYMX_POWER_CONTENTS_H

#include "tinymx/idstore.h"

#include <stdbool.h>

#define CONTENTS_CHAIN_MAX 1500

struct contents {
    struct mx_span part[MX_ID_PARTS]; /* in here: */
    uint8_t bytes[MX_ID_PARTS][CONTENTS_CHAIN_MAX];
};

void contents_make(struct contents *c, uint32_t number);

/* Are they these? A part that cannot be read ends the story. */
bool contents_are(struct mx_idstore *store, void *page, uint32_t number);

#endif
