/* SPDX-License-Identifier: BSD-3-Clause */
/* What can be done to an image, and to its check sums afterwards. */
#ifndef TINYMX_FUZZ_DAMAGE_H
#define TINYMX_FUZZ_DAMAGE_H

#include "fuzz.h"
#include "medium.h"

enum seal {
    SEAL_LABELS = 1,
    SEAL_HEADS = 2,
    SEAL_DATA = 4,
};

struct damage {
    bool any;
    bool lies; /* not only bits that turned: somebody has made it so */
    bool touched[MEDIUM_PAGES];
};

/* Reads a number of changes and makes them:
 *
 *     how many, then for each what, page, and two more bytes
 */
struct damage damage_do(struct fuzz_in *in);

/* Makes check sums right again (enum seal, or-ed). */
void damage_seal(unsigned seals);

#endif
