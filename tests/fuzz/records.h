/* SPDX-License-Identifier: BSD-3-Clause */
/* What a TLS server sends, checked as it comes: records, one behind the other
 * (RFC 8446 5.1, RFC 5246 6.2.1). */
#ifndef TINYMX_FUZZ_RECORDS_H
#define TINYMX_FUZZ_RECORDS_H

#include <stddef.h>
#include <stdint.h>

struct records {
    uint8_t head[5]; /* the header of this one, */
    size_t fill;
    size_t left;    /* and what is still to come of it */
    unsigned whole; /* headers seen */
};

void records_push(struct records *r, const void *data, size_t len);

#endif
