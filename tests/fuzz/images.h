/* SPDX-License-Identifier: BSD-3-Clause */
/* Spools at different times of their lives, and what belongs into each. */
#ifndef TINYMX_FUZZ_IMAGES_H
#define TINYMX_FUZZ_IMAGES_H

#include "reader.h"

enum image_age {
    IMAGE_BLANK,
    IMAGE_YOUNG, /* three messages in the first segment */
    IMAGE_OLD,   /* some laps later: old ones were moved, most are gone */
    IMAGE_CUT,   /* the power went when a message was there twice */
    IMAGE_AGES
};

struct image {
    struct medium_state state;
    struct mx_spool spool; /* as it is after a mount */
    struct reader_list list;
};

/* All of them are made when the first is asked for. */
const struct image *image_of(enum medium_kind kind, enum image_age age);

/* Is something of this message, or the label in front of it, in a page of which
 * touched[] is true? */
bool image_touched(const struct image *image, const struct mx_spool_mail *mail,
                   const bool *touched);

/* Opens a message of `len` bytes and writes it. >= 0: it is open; or an error,
 * and it is not. */
int image_send(struct mx_spool *spool, size_t len);

#endif
