/* SPDX-License-Identifier: BSD-3-Clause */
/* What is to be kept, all of it, while it is made: in the arena, and wiped when
 * it is given back. */
#ifndef TINYMX_IDENTITY_DRAFT_H
#define TINYMX_IDENTITY_DRAFT_H

#include "tinymx/idstore.h"
#include "tinymx/identity.h"

/* A longer chain does not fit into an outbound record. */
#define DRAFT_CHAIN_MAX                                                        \
    (MX_TLS_OUT_MAX > MX_IDENTITY_CERT_DER_MAX ? MX_TLS_OUT_MAX                \
                                               : MX_IDENTITY_CERT_DER_MAX)

struct draft {
    uint8_t key[MX_IDENTITY_KEY_DER_MAX];
    uint8_t next[MX_IDENTITY_KEY_DER_MAX];
    uint8_t chain[DRAFT_CHAIN_MAX];
    size_t key_len;
    size_t next_len;
    size_t chain_len;
};

/* NULL: no memory. */
struct draft *draft_new(void);
void draft_free(struct draft *d);

/* From the store and into it. 0, or its errors, MX_ENOMEM. */
int draft_read(struct draft *d, struct mx_idstore *store);
int draft_write(const struct draft *d, struct mx_idstore *store);

/* A chain of somebody's. 0, MX_E2BIG. */
int draft_set_chain(struct draft *d, struct mx_span chain);

/* The next key is the one in use, with no chain yet. */
void draft_advance(struct draft *d);

#endif
