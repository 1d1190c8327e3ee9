/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything that a reader does with a spool, and what he has found. */
#ifndef TINYMX_FUZZ_READER_H
#define TINYMX_FUZZ_READER_H

#include "medium.h"

#include "tinymx/spool.h"

#define READER_MAX MEDIUM_PAGES

struct reader_mail {
    struct mx_spool_mail mail;
    bool whole;      /* all of its data can be read */
    uint32_t digest; /* of that, and of what the head says of it */
};

struct reader_list {
    size_t count;
    struct reader_mail mail[READER_MAX];
};

enum reader_way {
    READER_POLLS = 1,  /* others' work is done between any two steps, so that
                          messages move */
    READER_CURIOUS = 2 /* asks for each by its number too, and reads it here and
                          there: slow */
};

/* All messages, each read from the first byte to the last. `ways`: or-ed. */
void reader_list(struct mx_spool *spool, struct reader_list *list,
                 unsigned ways);

/* NULL: it is not there. */
const struct reader_mail *reader_find(const struct reader_list *list,
                                      uint32_t number);

#endif
